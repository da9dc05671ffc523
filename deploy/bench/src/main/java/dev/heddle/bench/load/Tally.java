package dev.heddle.bench.load;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What all clients that share it have read together: streams opened, events, chunks of text and how old each was. */
public final class Tally {
    private static final long MAX_MICROS = 60_000_000;

    private final LongAdder chunks = new LongAdder();
    private final LongAdder begun = new LongAdder();
    private final LongAdder heads = new LongAdder();
    private final LongAdder events = new LongAdder();
    private volatile Histogram ages = new ConcurrentHistogram(MAX_MICROS, 3);

    void chunk(long ageMicros) {
        chunks.increment();
        ages.recordValue(Math.min(ageMicros, MAX_MICROS));
    }

    void begin() {
        begun.increment();
    }

    void head() {
        heads.increment();
    }

    void event() {
        events.increment();
    }

    public long chunks() {
        return chunks.sum();
    }

    /** Streams whose text has begun. */
    public long begun() {
        return begun.sum();
    }

    /** Streams that have been opened. */
    public long heads() {
        return heads.sum();
    }

    /** Server-sent events, and what else ends with an empty line: heartbeats. */
    public long events() {
        return events.sum();
    }

    /** The ages since this was asked before, in microseconds. */
    public Histogram takeAges() {
        var taken = ages;
        ages = new ConcurrentHistogram(MAX_MICROS, 3);
        return taken;
    }
}
