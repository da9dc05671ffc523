package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;

/** Writes the {@code thread.message.delta} frames of one message: once a token, hence by hand. */
final class MessageDelta {
    private static final byte[] END = Json.utf8("\"}}]}}");
    private static final byte[] END_OF_FIRST = Json.utf8("\",\"annotations\":[]}}]}}");

    private final byte[] begin;

    MessageDelta(String messageId) {
        this.begin = Json.utf8("{\"id\":\"" + messageId + "\",\"object\":\"thread.message.delta\","
                + "\"delta\":{\"content\":[{\"index\":0,\"type\":\"text\",\"text\":{\"value\":\"");
    }

    /** The first delta of a message also says that there are no annotations. */
    SseFrame first(String id, String text) {
        return frame(id, text, END_OF_FIRST);
    }

    SseFrame next(String id, String text) {
        return frame(id, text, END);
    }

    private SseFrame frame(String id, String text, byte[] end) {
        return SseFrame.of(id, "thread.message.delta", begin, Json.escaped(text), end);
    }
}
