package dev.heddle.persistence;

import dev.heddle.streaming.run.ThreadKey;
import java.time.Instant;
import java.util.Map;

/** A thread without its items. */
public record StoredThread(ThreadKey key, Instant createdAt, Map<String, Object> metadata) {
    public StoredThread {
        metadata = Map.copyOf(metadata);
    }
}
