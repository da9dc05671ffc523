package dev.heddle.bench.report;

import java.util.OptionalDouble;

/** Where a figure's values stand on its line of a picture: zero, all samples and the goal have room there. */
record Scale(double from, double to, OptionalDouble goal) {
    private static final double ROOM = 1.05;

    static Scale of(Figure figure) {
        var goal = switch (figure.goal()) {
            case Goal.None _ -> OptionalDouble.empty();
            case Goal.AtMost atMost -> OptionalDouble.of(atMost.limit());
            case Goal.AtLeast atLeast -> OptionalDouble.of(atLeast.limit());
        };
        double to = Math.max(figure.max(), goal.orElse(0)) * ROOM;
        return new Scale(Math.min(0, figure.min()), to > 0 ? to : 1, goal);
    }

    /** From 0 to 1. */
    double at(double value) {
        return (value - from) / (to - from);
    }
}
