package dev.heddle.persistence.postgres;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Numbers of one column, row by row, none of them null. Grows. */
final class LongColumn {
    private long[] values;
    private int size;

    /** Holds {@code rows} without growing. */
    LongColumn(int rows) {
        values = new long[Math.max(1, rows)];
    }

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    /** Each as an element of an array in PostgreSQL's binary format. */
    void writeTo(ByteBuf buffer) {
        for (int i = 0; i < size; i++) {
            buffer.writeInt(Long.BYTES).writeLong(values[i]);
        }
    }
}
