package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.Json;
import java.nio.ByteBuffer;

/** Writes {@code thread.message.delta} objects of one message: once a token, hence by hand. */
final class MessageDelta {
    private static final byte[] END = Json.utf8("\"}}]}}");
    private static final byte[] END_OF_FIRST = Json.utf8("\",\"annotations\":[]}}]}}");

    private final byte[] begin;

    MessageDelta(String messageId) {
        this.begin = Json.utf8("{\"id\":\"" + messageId + "\",\"object\":\"thread.message.delta\","
                + "\"delta\":{\"content\":[{\"index\":0,\"type\":\"text\",\"text\":{\"value\":\"");
    }

    /** The first delta of a message also says that there are no annotations. */
    byte[] first(String text) {
        return bytes(text, END_OF_FIRST);
    }

    byte[] next(String text) {
        return bytes(text, END);
    }

    private byte[] bytes(String text, byte[] end) {
        byte[] escaped = Json.escaped(text);
        return ByteBuffer.allocate(begin.length + escaped.length + end.length)
                .put(begin)
                .put(escaped)
                .put(end)
                .array();
    }
}
