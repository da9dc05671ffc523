package dev.heddle.gateway.tool;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A header with which this server proves to a tool who it is. Its value is never printed. */
public record SecretHeader(String name, String value) {
    private static final Pattern NAME = Pattern.compile("[\\w!#$%&'*+.^`|~-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");
    private static final Set<String> OURS = Set.of(
            "accept",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "idempotency-key",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent");

    /** Anything shorter stands in texts by chance. */
    private static final int MIN_CHARS_TO_HIDE = 8;

    private static final String HIDDEN = "[secret]";

    /** Refuses what is no header, and headers that are set already, with a sentence that does not repeat the value. */
    public SecretHeader {
        if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("Its secret header is not a name, a colon and a value in ASCII.");
        }
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("Its secret header can not be " + name + ", which is set by Heddle.");
        }
    }

    /** Reads {@code Name: value}. */
    public static SecretHeader of(String header) {
        int colon = header.indexOf(':');
        return new SecretHeader(
                header.substring(0, Math.max(colon, 0)).strip(),
                header.substring(colon + 1).strip());
    }

    /** The text without the secret, where it repeats it; also without that part of it which follows {@code Bearer}. */
    String hiddenIn(String text) {
        return hide(hide(text, value), value.substring(value.lastIndexOf(' ') + 1));
    }

    private static String hide(String text, String secret) {
        return secret.length() < MIN_CHARS_TO_HIDE ? text : text.replace(secret, HIDDEN);
    }

    /** Without the value: settings get logged. */
    @Override
    public String toString() {
        return "SecretHeader[" + name + "]";
    }
}
