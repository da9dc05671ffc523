package dev.heddle.persistence;

import dev.heddle.streaming.run.RunId;
import java.util.List;
import java.util.Map;

/** A run to admit. Its id is made beforehand, so that an unknown outcome can be looked up. */
public record NewRun(
        RunId id,
        RunSpec spec,
        List<NewItem> inputs,
        StrategyChoice strategy,
        Map<String, Object> metadata,
        Keeping keeping) {
    /** A run that is stored. */
    public NewRun(RunId id, RunSpec spec, List<NewItem> inputs, StrategyChoice strategy, Map<String, Object> metadata) {
        this(id, spec, inputs, strategy, metadata, Keeping.STORED);
    }

    public NewRun {
        inputs = List.copyOf(inputs);
        metadata = Map.copyOf(metadata);
    }
}
