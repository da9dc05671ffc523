package dev.heddle.persistence;

import dev.heddle.streaming.run.ThreadId;
import java.util.List;
import java.util.Map;

/** A thread to create; each of its messages takes a turn of its own. */
public record NewThread(ThreadId id, List<NewMessage> messages, Map<String, Object> metadata) {
    public NewThread {
        messages = List.copyOf(messages);
        metadata = Map.copyOf(metadata);
    }
}
