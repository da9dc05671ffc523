package dev.heddle.persistence;

import dev.heddle.streaming.run.RunId;
import java.util.List;
import java.util.Map;

/** A run to admit. Its id is made beforehand, so that an unknown outcome can be looked up. */
public record NewRun(
        RunId id, RunSpec spec, List<NewMessage> inputs, StrategyChoice strategy, Map<String, Object> metadata) {
    public NewRun {
        inputs = List.copyOf(inputs);
        metadata = Map.copyOf(metadata);
    }
}
