package dev.heddle.gateway.tool;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * Where a tool is called: an absolute {@code http} or {@code https} URL. It comes from the operator's settings alone, so
 * that no request can make this server call anything else.
 */
public record ToolUrl(URI uri) {
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** Refuses anything else with a sentence that does not repeat it. */
    public ToolUrl {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || uri.getHost() == null) {
            throw notAUrl();
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("Its URL has a user in it; give credentials as secret header.");
        }
    }

    public static ToolUrl of(String text) {
        try {
            return new ToolUrl(new URI(text));
        } catch (URISyntaxException notOne) {
            throw notAUrl();
        }
    }

    /** Without the query, which may hold a key. */
    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }

    private static IllegalArgumentException notAUrl() {
        return new IllegalArgumentException("Its URL is not an absolute http or https URL with a host.");
    }
}
