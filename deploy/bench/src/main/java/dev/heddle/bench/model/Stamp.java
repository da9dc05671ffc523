package dev.heddle.bench.model;

import io.netty.buffer.ByteBuf;

/**
 * The moment at which a piece of text was made, as a part of that text: {@code @} and six digits, which pass through any
 * JSON as they are. All processes of a machine read the same clock; it counts microseconds and starts anew every 17 min.
 */
public final class Stamp {
    public static final byte MARK = '@';
    public static final int DIGITS = 6;

    private static final int BITS = 5;
    private static final long PERIOD = 1L << (BITS * DIGITS);
    private static final byte FIRST = 'A';

    private Stamp() {}

    static void write(ByteBuf text, long nanos) {
        long micros = nanos / 1_000 & PERIOD - 1;
        text.writeByte(MARK);
        for (int shift = BITS * (DIGITS - 1); shift >= 0; shift -= BITS) {
            text.writeByte(digit((int) (micros >> shift & (1 << BITS) - 1)));
        }
    }

    /** The stamp with one more digit. */
    public static long with(long stamp, byte digit) {
        return stamp << BITS | value(digit);
    }

    /** How many microseconds passed since a stamp that has all its digits. */
    public static long age(long stamp, long nanos) {
        return nanos / 1_000 - stamp & PERIOD - 1;
    }

    private static int digit(int value) {
        return value < 26 ? FIRST + value : '0' + value - 26;
    }

    private static int value(byte digit) {
        return digit >= FIRST ? digit - FIRST : digit - '0' + 26;
    }
}
