package dev.heddle.persistence;

import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ThreadId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A thread to create; each of its items takes a turn of its own.
 *
 * @param strategy of its runs, where neither their requests nor their assistants say
 * @param shortLived whether it is in no list, and is discarded ten minutes after its last run has ended, unless it is
 *     held or a branch goes on from it
 */
public record NewThread(
        ThreadId id,
        List<NewItem> items,
        Optional<Strategy> strategy,
        Map<String, Object> metadata,
        boolean shortLived) {
    /** A thread that stays. */
    public NewThread(ThreadId id, List<NewItem> items, Optional<Strategy> strategy, Map<String, Object> metadata) {
        this(id, items, strategy, metadata, false);
    }

    public NewThread {
        items = List.copyOf(items);
        metadata = Map.copyOf(metadata);
    }
}
