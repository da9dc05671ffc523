package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The member {@code encrypted_content} of a compaction, which its client keeps and brings back unread. It holds nothing
 * that its client may not know, so that it is encoded, not encrypted.
 */
final class Sealed {
    private static final String FIELD = "encrypted_content";
    private static final String PREFIX = "heddle1.";

    private Sealed() {}

    static String of(String summary) {
        return PREFIX
                + Base64.getUrlEncoder().withoutPadding().encodeToString(summary.getBytes(StandardCharsets.UTF_8));
    }

    static String open(JsonFields item) {
        String text = item.requiredText(FIELD);
        if (!text.startsWith(PREFIX)) {
            throw Invalid.because(item.path(FIELD), "it was not made by this server.");
        }
        try {
            var bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
            String summary = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return item.storable(FIELD, summary);
        } catch (IllegalArgumentException | CharacterCodingException _) {
            throw Invalid.because(item.path(FIELD), "it is damaged.");
        }
    }
}
