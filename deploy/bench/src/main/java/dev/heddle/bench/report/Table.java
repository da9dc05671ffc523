package dev.heddle.bench.report;

import java.util.List;
import java.util.Locale;

/** Figures as lines of a terminal. */
public final class Table {
    private static final String LINE = "%-12s %-46s %-13s %11s %11s %11s   %s%n";

    private Table() {}

    public static String of(List<Figure> figures) {
        var table = new StringBuilder(
                String.format(Locale.ROOT, LINE, "scenario", "figure", "unit", "min", "median", "max", "goal"));
        figures.forEach(figure -> table.append(line(figure)));
        return table.toString();
    }

    private static String line(Figure figure) {
        return String.format(
                Locale.ROOT,
                LINE,
                figure.scenario(),
                figure.name(),
                figure.unit(),
                number(figure.min()),
                number(figure.median()),
                number(figure.max()),
                goal(figure));
    }

    private static String goal(Figure figure) {
        var limit = switch (figure.goal()) {
            case Goal.None _ -> "";
            case Goal.AtMost atMost -> "≤ " + number(atMost.limit());
            case Goal.AtLeast atLeast -> "≥ " + number(atLeast.limit());
        };
        return limit.isEmpty() ? "" : limit + (figure.isMet() ? "  met" : "  MISSED");
    }

    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%,.0f", value);
    }
}
