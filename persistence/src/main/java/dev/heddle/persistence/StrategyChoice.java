package dev.heddle.persistence;

import dev.heddle.streaming.lane.Strategy;
import java.util.Optional;

/**
 * How the strategy of a new run is found: what its request or its assistant says, else the default of its thread, which
 * only admission can read, else {@code otherwise}.
 */
public record StrategyChoice(Optional<Strategy> said, Strategy otherwise) {
    /** Whatever the thread's default. */
    public static StrategyChoice of(Strategy strategy) {
        return new StrategyChoice(Optional.of(strategy), strategy);
    }

    public Strategy with(Optional<Strategy> ofThread) {
        return said.or(() -> ofThread).orElse(otherwise);
    }
}
