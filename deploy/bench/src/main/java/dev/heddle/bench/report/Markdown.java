package dev.heddle.bench.report;

import static java.util.stream.Collectors.groupingBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Figures as a page's part: those that have a goal first, then all of them, scenario by scenario. */
public final class Markdown {
    private static final String BEGIN = "<!-- figures -->";
    private static final String END = "<!-- end of figures -->";

    private Markdown() {}

    /** A page with the part between its two marks replaced. */
    public static String into(String page, Report report) {
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        if (from < BEGIN.length() || to < from) {
            throw new IllegalArgumentException("the page has no " + BEGIN + " and " + END);
        }
        return page.substring(0, from) + "\n\n" + of(report) + "\n" + page.substring(to);
    }

    static String of(Report report) {
        var goals = report.figures().stream()
                .filter(figure -> !(figure.goal() instanceof Goal.None))
                .toList();
        var part = new StringBuilder(report.machine()).append(".\n\n### Goals\n\n");
        part.append(goals(goals));
        report.figures().stream()
                .collect(groupingBy(Figure::scenario, LinkedHashMap::new, Collectors.toList()))
                .forEach((scenario, figures) -> part.append(section(scenario, figures)));
        return part.toString();
    }

    private static String section(String scenario, List<Figure> figures) {
        var picture = "![The figures of " + scenario + "](pictures/" + scenario + ".svg)";
        return "\n### " + scenario + "\n\n" + picture + "\n\n" + all(figures);
    }

    private static String goals(List<Figure> figures) {
        return "| Scenario | Figure | Goal | Median | Met |\n|---|---|---|---|---|\n"
                + lines(
                        figures,
                        figure -> "| `%s` | %s | %s | %s | %s |\n"
                                .formatted(
                                        figure.scenario(),
                                        figure.name(),
                                        with(Texts.goal(figure.goal()), figure.unit()),
                                        Texts.number(figure.median()),
                                        figure.isMet() ? "yes" : "**no**"));
    }

    private static String all(List<Figure> figures) {
        return "| Figure | Unit | Min | Median | Max |\n|---|---|---|---|---|\n"
                + lines(
                        figures,
                        figure -> "| %s | %s | %s | %s | %s |\n"
                                .formatted(
                                        figure.name(),
                                        figure.unit(),
                                        Texts.number(figure.min()),
                                        Texts.number(figure.median()),
                                        Texts.number(figure.max())));
    }

    private static String lines(List<Figure> figures, Function<Figure, String> line) {
        return figures.stream().map(line).collect(Collectors.joining());
    }

    private static String with(String limit, String unit) {
        return unit.isEmpty() ? limit : limit + " " + unit;
    }
}
