package dev.heddle.bench.report;

import java.util.List;

/** One thing that was measured, each time anew. */
public record Figure(String scenario, String name, String unit, Goal goal, List<Double> samples) {
    public Figure {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(name + " was not measured");
        }
        if (!samples.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(name + " is no number: " + samples);
        }
        samples = samples.stream().sorted().toList();
    }

    public double min() {
        return samples.getFirst();
    }

    public double max() {
        return samples.getLast();
    }

    /** The middle sample; the mean of the two in the middle when their number is even. */
    public double median() {
        int middle = samples.size() / 2;
        return samples.size() % 2 == 1 ? samples.get(middle) : (samples.get(middle - 1) + samples.get(middle)) / 2;
    }

    /** Whether the median is as it should be; so is one without a goal. */
    public boolean isMet() {
        return switch (goal) {
            case Goal.None _ -> true;
            case Goal.AtMost atMost -> median() <= atMost.limit();
            case Goal.AtLeast atLeast -> median() >= atLeast.limit();
        };
    }
}
