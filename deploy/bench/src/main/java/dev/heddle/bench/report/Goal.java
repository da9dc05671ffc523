package dev.heddle.bench.report;

/** What a median should be. */
public sealed interface Goal {
    Goal NONE = new None();

    static Goal atMost(double limit) {
        return new AtMost(limit);
    }

    static Goal atLeast(double limit) {
        return new AtLeast(limit);
    }

    record None() implements Goal {}

    record AtMost(double limit) implements Goal {}

    record AtLeast(double limit) implements Goal {}
}
