package dev.heddle.bench.scenario;

import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Collects what a scenario tells, with one sample of each figure from every round. */
final class Figures<R> {
    private final String scenario;
    private final List<R> rounds;
    private final List<Figure> figures = new ArrayList<>();

    Figures(String scenario, List<R> rounds) {
        this.scenario = scenario;
        this.rounds = List.copyOf(rounds);
    }

    void add(String name, String unit, ToDoubleFunction<R> sample) {
        add(name, unit, Goal.NONE, sample);
    }

    void add(String name, String unit, Goal goal, ToDoubleFunction<R> sample) {
        var samples = rounds.stream().mapToDouble(sample).boxed().toList();
        figures.add(new Figure(scenario, name, unit, goal, samples));
    }

    List<Figure> all() {
        return List.copyOf(figures);
    }
}
