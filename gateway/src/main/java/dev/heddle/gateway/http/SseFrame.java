package dev.heddle.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/**
 * One server-sent event, encoded once; any number of readers may write it, whole or just its data. Its id and name are
 * ASCII. Its data may be given in parts, which are written one behind the other.
 */
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
    public static SseFrame of(String event, byte[]... data) {
        return of("", event, data);
    }

    /** An event whose id stands in front, so that the lines {@code event} and {@code data} stay neighbours. */
    public static SseFrame of(String id, String event, byte[]... data) {
        int dataLength = lengthOf(data);
        return new SseFrame(event, encoded(id, event, data, dataLength), dataLength);
    }

    /** An event that has data only. */
    public static SseFrame ofData(byte[] data) {
        return of("", "", data);
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

    /** In one array, of the right size at once: a frame is made for every token. */
    private static byte[] encoded(String id, String event, byte[][] data, int dataLength) {
        byte[] frame = new byte[lengthOf(ID, id) + lengthOf(EVENT, event) + DATA.length + dataLength + END];
        var out = ByteBuffer.wrap(frame);
        line(out, ID, id);
        line(out, EVENT, event);
        out.put(DATA);
        for (byte[] part : data) {
            out.put(part);
        }
        out.put((byte) '\n').put((byte) '\n');
        return frame;
    }

    private static int lengthOf(byte[][] data) {
        int length = 0;
        for (byte[] part : data) {
            length += part.length;
        }
        return length;
    }

    /** A field without a value has no line. */
    private static int lengthOf(byte[] field, String value) {
        return value.isEmpty() ? 0 : field.length + value.length() + 1;
    }

    private static void line(ByteBuffer out, byte[] field, String value) {
        if (value.isEmpty()) {
            return;
        }
        out.put(field);
        for (int i = 0; i < value.length(); i++) {
            out.put((byte) value.charAt(i));
        }
        out.put((byte) '\n');
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
