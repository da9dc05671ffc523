package dev.heddle.gateway.http;

import dev.heddle.persistence.RequestKey;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;

/** The header by which a client says that a {@code POST} may be repeated. On other methods it is not looked at. */
public final class RequestKeys {
    public static final String HEADER = "Idempotency-Key";

    private static final String NOTED = RequestKeys.class.getName() + ".key";
    private static final int MAX_LENGTH = 255;

    private RequestKeys() {}

    /** Notes on the request which one it is, now that its body is known. A bad key is an {@code InvalidRequest}. */
    static void note(ServerRequest request, byte[] body) {
        given(request)
                .map(key -> new RequestKey(key, request.method().name(), request.path(), digest(body)))
                .ifPresent(key -> request.attributes().put(NOTED, key));
    }

    /** For an operation without a body: nothing that might have been sent tells two requests apart. */
    public static void noteWithoutBody(ServerRequest request) {
        note(request, new byte[0]);
    }

    /** The key of a request whose body was read, if it has one. */
    public static Optional<RequestKey> of(ServerRequest request) {
        return request.attribute(NOTED).map(RequestKey.class::cast);
    }

    /** What serves the request: {@code operations} themselves, or, when it has a key, what they are under that key. */
    public static <T> T under(ServerRequest request, T operations, BiFunction<T, RequestKey, T> repeatable) {
        return of(request).map(key -> repeatable.apply(operations, key)).orElse(operations);
    }

    private static Optional<String> given(ServerRequest request) {
        List<String> values = request.headers().header(HEADER);
        return values.isEmpty() || !request.method().equals(HttpMethod.POST)
                ? Optional.empty()
                : Optional.of(valid(values));
    }

    private static String valid(List<String> values) {
        if (values.size() > 1) {
            throw invalid("it is given more than once.");
        }
        String key = values.getFirst();
        if (key.isBlank()) {
            throw invalid("it is empty.");
        }
        if (key.length() > MAX_LENGTH) {
            throw invalid("it has " + key.length() + " characters, more than " + MAX_LENGTH + ".");
        }
        if (!key.chars().allMatch(RequestKeys::isPrintable)) {
            throw invalid("it has characters that are not printable ASCII.");
        }
        return key;
    }

    private static boolean isPrintable(int character) {
        return character >= ' ' && character <= '~';
    }

    private static ProblemException invalid(String why) {
        return new ProblemException(
                new Problem.InvalidRequest("invalid_value", HEADER, "Invalid '" + HEADER + "' header: " + why));
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
