package dev.heddle.gateway.http;

import dev.heddle.streaming.run.TenantId;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;

/** The API keys of this instance. Which key was compared, and how far it matched, cannot be told from the time taken. */
public final class ApiKeys {
    private static final String ACCEPTED = ApiKeys.class.getName() + ".accepted";
    private static final String SCHEME = "Bearer ";
    private static final int SHOWN = 4;

    private static final KeyCheck.Accepted EVERYBODY = new KeyCheck.Accepted(TenantId.DEFAULT, KeyDefaults.NONE);

    private final List<Key> keys;

    private ApiKeys(List<Key> keys) {
        this.keys = keys;
    }

    /**
     * Reads keys as {@code <tenant>:<key>}, with options of {@link KeyDefaults} behind semicolons.
     *
     * @throws IllegalArgumentException with a sentence for the operator, for anything else
     */
    public static ApiKeys of(List<String> keys) {
        return new ApiKeys(keys.stream().map(Key::parse).toList());
    }

    /** Whether this instance may be reached under the address: without keys only its own machine may reach it. */
    public boolean maySafelyBind(InetAddress address) {
        return !keys.isEmpty() || address.isLoopbackAddress();
    }

    /** Whose request it is, by its {@code Authorization} header. */
    public KeyCheck check(HttpHeaders headers) {
        if (keys.isEmpty()) {
            return EVERYBODY;
        }
        return bearer(headers).map(this::check).orElseGet(KeyCheck.Missing::new);
    }

    /** Notes on the request whose it is, and how it is meant. */
    public static void accept(ServerRequest request, KeyCheck.Accepted key) {
        request.attributes().put(ACCEPTED, key);
    }

    /** The tenant of a request that was accepted. */
    public static TenantId tenant(ServerRequest request) {
        return accepted(request).tenant();
    }

    /** The defaults of a request that was accepted. */
    public static KeyDefaults defaults(ServerRequest request) {
        return accepted(request).defaults();
    }

    private static KeyCheck.Accepted accepted(ServerRequest request) {
        return (KeyCheck.Accepted) request.attribute(ACCEPTED).orElseThrow();
    }

    private static Optional<String> bearer(HttpHeaders headers) {
        return Optional.ofNullable(headers.getFirst(HttpHeaders.AUTHORIZATION))
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip())
                .filter(key -> !key.isEmpty());
    }

    private KeyCheck check(String key) {
        byte[] digest = digest(key);
        Optional<KeyCheck> found = Optional.empty();
        for (Key known : keys) {
            // Goes on after a match, so that the time does not tell the place.
            found = MessageDigest.isEqual(known.digest, digest) ? Optional.of(known.accepted) : found;
        }
        return found.orElseGet(() -> new KeyCheck.Wrong(masked(key)));
    }

    /** Enough of a key to find it again, too little to use it. */
    private static String masked(String key) {
        return key.length() < 3 * SHOWN ? "***" : key.substring(0, SHOWN) + "***" + key.substring(key.length() - SHOWN);
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Keeps a digest only: all have one length, and no key can be read from a heap dump. */
    private static final class Key {
        private final KeyCheck.Accepted accepted;
        private final byte[] digest;

        private Key(KeyCheck.Accepted accepted, byte[] digest) {
            this.accepted = accepted;
            this.digest = digest;
        }

        static Key parse(String text) {
            var parts = List.of(text.split(";", -1));
            String key = parts.getFirst();
            int colon = key.indexOf(':');
            if (colon < 1 || colon == key.length() - 1) {
                throw new IllegalArgumentException("An API key is configured as <tenant>:<key>.");
            }
            var defaults = KeyDefaults.parse(parts.subList(1, parts.size()));
            return new Key(
                    new KeyCheck.Accepted(new TenantId(key.substring(0, colon)), defaults),
                    ApiKeys.digest(key.substring(colon + 1)));
        }
    }
}
