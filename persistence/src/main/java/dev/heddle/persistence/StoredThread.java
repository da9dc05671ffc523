package dev.heddle.persistence;

import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A thread without its items.
 *
 * @param strategy of its runs, where neither their requests nor their assistants say
 */
public record StoredThread(
        ThreadKey key, Instant createdAt, Optional<Strategy> strategy, Map<String, Object> metadata) {
    public StoredThread {
        metadata = Map.copyOf(metadata);
    }
}
