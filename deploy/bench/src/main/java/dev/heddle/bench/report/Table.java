package dev.heddle.bench.report;

import java.util.List;
import java.util.Locale;

/** Figures as lines of a terminal. */
public final class Table {
    private Table() {}

    public static String of(List<Figure> figures) {
        var table = new StringBuilder(line("scenario", "figure", "unit", "min", "median", "max", "goal"));
        figures.forEach(figure -> table.append(line(
                figure.scenario(),
                figure.name(),
                figure.unit(),
                Texts.number(figure.min()),
                Texts.number(figure.median()),
                Texts.number(figure.max()),
                goal(figure))));
        return table.toString();
    }

    private static String line(Object... columns) {
        return String.format(Locale.ROOT, "%-13s %-46s %-13s %9s %9s %9s   %s%n", columns);
    }

    private static String goal(Figure figure) {
        var goal = Texts.goal(figure.goal());
        return goal.isEmpty() ? "" : goal + (figure.isMet() ? "  met" : "  MISSED");
    }
}
