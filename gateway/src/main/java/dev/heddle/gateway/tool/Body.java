package dev.heddle.gateway.tool;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The first bytes of a body, as the text they are in UTF-8. */
final class Body {
    private static final char REPLACEMENT = '\uFFFD';

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int maxBytes;

    Body(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(byte[] more) {
        bytes.write(more, 0, Math.min(more.length, maxBytes + 1 - bytes.size()));
    }

    /** Whether there is more than it takes. */
    boolean isCut() {
        return bytes.size() > maxBytes;
    }

    /** Ends with a whole character, also where it is cut. U+0000, which PostgreSQL refuses, becomes U+FFFD. */
    String text() {
        byte[] all = bytes.toByteArray();
        return new String(all, 0, isCut() ? lastStart(all) : all.length, StandardCharsets.UTF_8)
                .replace('\0', REPLACEMENT);
    }

    /** Where the character begins whose byte is one too many; a few bytes back at most, even in what is no UTF-8. */
    private int lastStart(byte[] all) {
        int start = maxBytes;
        while (start > Math.max(0, maxBytes - 3) && (all[start] & 0xC0) == 0x80) {
            start--;
        }
        return start;
    }
}
