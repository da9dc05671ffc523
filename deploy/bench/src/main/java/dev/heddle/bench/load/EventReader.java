package dev.heddle.bench.load;

import dev.heddle.bench.model.Stamp;
import io.netty.buffer.ByteBuf;

/**
 * Reads server-sent events as they come in pieces. An event with one stamp carries a chunk of text; one with several tells
 * the whole text again.
 */
final class EventReader {
    private final Tally tally;
    private int events;
    private int chunks;
    private long firstAgeMicros = -1;

    private boolean lineBreak;
    private int stamps;
    private int digits = Stamp.DIGITS;
    private long stamp;

    EventReader(Tally tally) {
        this.tally = tally;
    }

    void read(ByteBuf bytes) {
        long now = System.nanoTime();
        bytes.forEachByte(value -> {
            next(value, now);
            return true;
        });
    }

    int events() {
        return events;
    }

    int chunks() {
        return chunks;
    }

    long firstAgeMicros() {
        return firstAgeMicros;
    }

    private void next(byte value, long now) {
        if (value == '\n') {
            if (lineBreak) {
                eventEnds(now);
            }
            lineBreak = true;
            return;
        }
        lineBreak = false;
        if (value == Stamp.MARK) {
            stamps++;
            digits = 0;
            stamp = 0;
        } else if (digits < Stamp.DIGITS) {
            digits++;
            stamp = Stamp.with(stamp, value);
        }
    }

    private void eventEnds(long now) {
        events++;
        tally.event();
        if (stamps == 1) {
            long age = Stamp.age(stamp, now);
            if (chunks == 0) {
                firstAgeMicros = age;
                tally.begin();
            }
            chunks++;
            tally.chunk(age);
        }
        stamps = 0;
    }
}
