package dev.heddle.bench.scenario;

import dev.heddle.bench.micro.Micro;
import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/** The lane, the parser and the projections by themselves, measured by JMH: time and garbage for one event. */
public final class Parts implements Scenario {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Override
    public String name() {
        return "jmh";
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) throws InterruptedException {
        try {
            var figures = new ArrayList<Figure>();
            for (var result : Micro.run(plan.isQuick(), Files.createTempFile("heddle-jmh-", ".txt"))) {
                figures.add(figure(result, "time", "ns", result.getPrimaryResult()));
                figures.add(figure(
                        result,
                        "garbage",
                        "B",
                        Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED))));
            }
            return figures;
        } catch (IOException | RunnerException e) {
            throw new IllegalStateException(e);
        }
    }

    private Figure figure(RunResult run, String what, String unit, Result<?> result) {
        var parameters = run.getParams().getParamsKeys().stream()
                .map(key -> key + " " + run.getParams().getParam(key))
                .collect(Collectors.joining(", "));
        var benchmark = run.getParams().getBenchmark().replaceFirst(".*\\.(\\w+)\\.(\\w+)Benchmark\\.", "$2 of $1, ");
        var label = parameters.isEmpty() ? benchmark : benchmark + " (" + parameters + ")";
        var statistics = result.getStatistics();
        return new Figure(
                name(),
                what + ": " + label,
                unit,
                Goal.NONE,
                List.of(statistics.getMin(), statistics.getMean(), statistics.getMax()));
    }
}
