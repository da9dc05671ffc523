package dev.heddle.persistence;

import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ThreadId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A thread to create; each of its messages takes a turn of its own.
 *
 * @param strategy of its runs, where neither their requests nor their assistants say
 */
public record NewThread(
        ThreadId id, List<NewMessage> messages, Optional<Strategy> strategy, Map<String, Object> metadata) {
    public NewThread {
        messages = List.copyOf(messages);
        metadata = Map.copyOf(metadata);
    }
}
