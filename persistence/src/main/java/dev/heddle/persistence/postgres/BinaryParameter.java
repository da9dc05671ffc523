package dev.heddle.persistence.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A parameter in PostgreSQL's binary format (array_send, uuid_send, int8send), which the driver itself does not speak for
 * arrays: it would spell each element as text, which costs both sides more than the rows do.
 */
final class BinaryParameter {
    private static final int UUID_TYPE = 2950;
    private static final int UUIDS_TYPE = 2951;
    private static final int LONG_TYPE = 20;
    private static final int LONGS_TYPE = 1016;
    private static final int TEXT_TYPE = 25;
    private static final int TEXTS_TYPE = 1009;
    private static final int BYTES_TYPE = 17;
    private static final int JSON_TYPE = 114;

    private final int type;
    private final @Nullable Value value;

    private interface Value {
        void write(ByteBuf buffer);
    }

    private BinaryParameter(int type, @Nullable Value value) {
        this.type = type;
        this.value = value;
    }

    /** Of {@code uuid[]}; elements may be null. */
    static BinaryParameter uuids(List<? extends @Nullable UUID> uuids) {
        return array(
                UUIDS_TYPE,
                UUID_TYPE,
                uuids,
                (uuid, buffer) -> buffer.writeInt(Long.BYTES * 2)
                        .writeLong(uuid.getMostSignificantBits())
                        .writeLong(uuid.getLeastSignificantBits()));
    }

    /** Of {@code bigint[]}. */
    static BinaryParameter longs(LongColumn numbers) {
        return new BinaryParameter(LONGS_TYPE, buffer -> {
            head(LONG_TYPE, numbers.size(), buffer);
            numbers.writeTo(buffer);
        });
    }

    /** Of {@code text[]}. */
    static BinaryParameter texts(List<String> texts) {
        return array(TEXTS_TYPE, TEXT_TYPE, texts, (text, buffer) -> {
            buffer.writeInt(ByteBufUtil.utf8Bytes(text));
            ByteBufUtil.writeUtf8(buffer, text);
        });
    }

    /** One value of PostgreSQL's type for bytes. */
    static BinaryParameter bytes(JsonBytes bytes) {
        return new BinaryParameter(BYTES_TYPE, bytes::writeTo);
    }

    /** Of {@code json}; none is null. */
    static BinaryParameter json(@Nullable String json) {
        return new BinaryParameter(JSON_TYPE, json == null ? null : buffer -> buffer.writeCharSequence(json, UTF_8));
    }

    /** The type's number in {@code pg_type}. */
    int type() {
        return type;
    }

    boolean isNull() {
        return value == null;
    }

    void write(ByteBuf buffer) {
        if (value != null) {
            value.write(buffer);
        }
    }

    private interface Element<T> {
        void write(T element, ByteBuf buffer);
    }

    private static <T> BinaryParameter array(
            int type, int elementType, List<? extends @Nullable T> elements, Element<T> element) {
        return new BinaryParameter(type, buffer -> {
            head(elementType, elements.size(), buffer);
            for (T one : elements) {
                if (one == null) {
                    buffer.writeInt(-1);
                } else {
                    element.write(one, buffer);
                }
            }
        });
    }

    private static void head(int elementType, int size, ByteBuf buffer) {
        buffer.writeInt(size == 0 ? 0 : 1) // dimensions
                .writeInt(1) // may hold nulls
                .writeInt(elementType);
        if (size > 0) {
            buffer.writeInt(size).writeInt(1); // the first index
        }
    }
}
