package dev.heddle.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** What one call of the bench has found: on which machine, when, and how long it looked. */
public record Report(String machine, List<Figure> figures) {
    public Report {
        figures = List.copyOf(figures);
    }

    /** Takes how long was looked: quick or full. */
    public static Report now(String plan, List<Figure> figures) {
        var machine = "%d processors (%s), %s, JDK %s, %s, measured %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.arch"),
                        System.getProperty("os.name") + " " + System.getProperty("os.version"),
                        Runtime.version(),
                        plan,
                        Instant.now().truncatedTo(ChronoUnit.MINUTES));
        return new Report(machine, figures);
    }

    public String json() {
        var figuresJson = figures.stream().map(Report::json).toList();
        return JsonMapper.builder()
                .build()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(Map.of("machine", machine, "figures", figuresJson));
    }

    /** Writes a picture of each scenario, named after it. */
    public void writePictures(Path directory) {
        try {
            Files.createDirectories(directory);
            for (var scenario :
                    figures.stream().map(Figure::scenario).distinct().toList()) {
                var its = figures.stream()
                        .filter(figure -> figure.scenario().equals(scenario))
                        .toList();
                Files.writeString(directory.resolve(scenario + ".svg"), Picture.of(scenario, its));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> json(Figure figure) {
        var json = new TreeMap<String, Object>(Map.of(
                "scenario", figure.scenario(),
                "name", figure.name(),
                "unit", figure.unit(),
                "samples", figure.samples(),
                "median", figure.median()));
        switch (figure.goal()) {
            case Goal.None _ -> {}
            case Goal.AtMost atMost -> json.put("at_most", atMost.limit());
            case Goal.AtLeast atLeast -> json.put("at_least", atLeast.limit());
        }
        return json;
    }
}
