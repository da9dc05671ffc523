package dev.heddle.bench.report;

import static java.util.stream.Collectors.groupingBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Figures as a page's part: those that have a goal first, then all of them, scenario by scenario. */
public final class Markdown {
    private Markdown() {}

    public static String of(Report report) {
        var goals = report.figures().stream()
                .filter(figure -> !(figure.goal() instanceof Goal.None))
                .toList();
        var page = new StringBuilder(report.machine()).append(".\n\n");
        page.append("### Goals\n\n").append(goals(goals));
        var scenarios =
                report.figures().stream().collect(groupingBy(Figure::scenario, LinkedHashMap::new, Collectors.toList()));
        scenarios.forEach((scenario, figures) -> page.append("\n### ")
                .append(scenario)
                .append("\n\n![The figures of ")
                .append(scenario)
                .append("](pictures/")
                .append(scenario)
                .append(".svg)\n\n")
                .append(all(figures)));
        return page.toString();
    }

    private static String goals(List<Figure> figures) {
        return "| Scenario | Figure | Goal | Median | Met |\n|---|---|---|---|---|\n"
                + lines(figures, figure -> "| `%s` | %s | %s | %s | %s |\n"
                        .formatted(
                                figure.scenario(),
                                figure.name(),
                                with(Texts.goal(figure.goal()), figure.unit()),
                                Texts.number(figure.median()),
                                figure.isMet() ? "yes" : "**no**"));
    }

    private static String all(List<Figure> figures) {
        return "| Figure | Unit | Min | Median | Max |\n|---|---|---|---|---|\n"
                + lines(figures, figure -> "| %s | %s | %s | %s | %s |\n"
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
