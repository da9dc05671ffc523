package dev.heddle.bench.report;

import java.util.Locale;

/** Figures in words, the same in every report. */
final class Texts {
    private Texts() {}

    static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f", value);
    }

    /** Empty where there is none. */
    static String goal(Goal goal) {
        return switch (goal) {
            case Goal.None _ -> "";
            case Goal.AtMost atMost -> "≤ " + limit(atMost.limit());
            case Goal.AtLeast atLeast -> "≥ " + limit(atLeast.limit());
        };
    }

    private static String limit(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(value);
    }
}
