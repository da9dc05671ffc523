package dev.heddle.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/** One server-sent event, encoded once; any number of readers may write it, whole or just its data. */
public final class SseFrame {
    private static final byte[] ID = utf8("id: ");
    private static final byte[] EVENT = utf8("event: ");
    private static final byte[] DATA = utf8("data: ");

    /** What stands behind the data: the ends of its line and of the event. */
    private static final int END = 2;

    /** What a frame takes up in memory beside its bytes, with the key under which it is kept. */
    private static final int OVERHEAD = 200;

    private final String event;
    private final byte[] bytes;
    private final int dataLength;

    private SseFrame(String event, byte[] bytes, int dataLength) {
        this.event = event;
        this.bytes = bytes;
        this.dataLength = dataLength;
    }

    /** An event without an id: a reader that reconnects does not continue behind it. */
    public static SseFrame of(String event, byte[] data) {
        return of("", event, data);
    }

    /** An event whose id stands in front, so that the lines {@code event} and {@code data} stay neighbours. */
    public static SseFrame of(String id, String event, byte[] data) {
        return new SseFrame(event, encoded(id, event, data), data.length);
    }

    /** An event that has data only. */
    public static SseFrame ofData(byte[] data) {
        byte[] frame = new byte[lengthOf(DATA, data) + 1];
        var out = ByteBuffer.wrap(frame);
        line(out, DATA, data);
        out.put((byte) '\n');
        return new SseFrame("", frame, data.length);
    }

    /** A line that readers skip. */
    public static SseFrame comment(String text) {
        return new SseFrame("", utf8(": " + text + "\n\n"), 0);
    }

    /** The event's name. */
    public String event() {
        return event;
    }

    /** The data alone, without the first {@code skipped} of its bytes. */
    ByteBuf data(int skipped) {
        return Unpooled.wrappedBuffer(bytes, bytes.length - END - dataLength + skipped, dataLength - skipped);
    }

    /** About how many bytes of memory it takes up. */
    int weight() {
        return OVERHEAD + bytes.length;
    }

    DataBuffer buffer(DataBufferFactory buffers) {
        return buffers.wrap(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Of the right size at once: a frame is made for every token. */
    private static byte[] encoded(String id, String event, byte[] data) {
        byte[] place = utf8(id);
        byte[] name = utf8(event);
        int idLength = id.isEmpty() ? 0 : lengthOf(ID, place);
        byte[] frame = new byte[idLength + lengthOf(EVENT, name) + lengthOf(DATA, data) + 1];
        var out = ByteBuffer.wrap(frame);
        if (!id.isEmpty()) {
            line(out, ID, place);
        }
        line(out, EVENT, name);
        line(out, DATA, data);
        out.put((byte) '\n');
        return frame;
    }

    private static int lengthOf(byte[] field, byte[] value) {
        return field.length + value.length + 1;
    }

    private static void line(ByteBuffer out, byte[] field, byte[] value) {
        out.put(field).put(value).put((byte) '\n');
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
