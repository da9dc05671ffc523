package dev.heddle.bench.scenario;

import java.time.Duration;

/**
 * How long to look and how often. Quick is enough to see a doubling, full for a few percent. Both warm up until most of
 * what is measured is compiled: with two processors, compiling takes as much of them as the work, for a minute.
 */
public record Plan(Duration warmUp, Duration window, int rounds) {
    public static final Plan QUICK = new Plan(Duration.ofSeconds(20), Duration.ofSeconds(2), 3);
    public static final Plan FULL = new Plan(Duration.ofSeconds(60), Duration.ofSeconds(8), 7);

    boolean isQuick() {
        return this.equals(QUICK);
    }

    /** A size of the work: the goals name the full one. */
    int size(int quick, int full) {
        return isQuick() ? quick : full;
    }
}
