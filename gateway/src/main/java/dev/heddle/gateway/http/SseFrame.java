package dev.heddle.gateway.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/** One server-sent event, encoded once; any number of readers may write it. */
public final class SseFrame {
    private static final byte[] ID = utf8("id: ");
    private static final byte[] EVENT = utf8("event: ");
    private static final byte[] DATA = utf8("data: ");

    private final byte[] bytes;

    private SseFrame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** An event without an id: a reader that reconnects does not continue behind it. */
    public static SseFrame of(String event, byte[] data) {
        return new SseFrame(encoded("", event, data));
    }

    /** An event whose id stands in front, so that the lines {@code event} and {@code data} stay neighbours. */
    public static SseFrame of(String id, String event, byte[] data) {
        return new SseFrame(encoded(id, event, data));
    }

    /** A line that readers skip. */
    public static SseFrame comment(String text) {
        return new SseFrame(utf8(": " + text + "\n\n"));
    }

    DataBuffer buffer(DataBufferFactory buffers) {
        return buffers.wrap(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] encoded(String id, String event, byte[] data) {
        var out = new ByteArrayOutputStream(data.length + event.length() + id.length() + 32);
        if (!id.isEmpty()) {
            line(out, ID, utf8(id));
        }
        line(out, EVENT, utf8(event));
        line(out, DATA, data);
        out.write('\n');
        return out.toByteArray();
    }

    private static void line(ByteArrayOutputStream out, byte[] field, byte[] value) {
        out.writeBytes(field);
        out.writeBytes(value);
        out.write('\n');
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
