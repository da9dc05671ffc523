package dev.heddle.streaming.log;

import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.UUID;

/**
 * Consecutive events for the end of one thread's log, to be stored whole or not at all.
 *
 * @param epoch the writer's epoch, which fences it when another owner has taken over
 * @param batch names this very list; sent again after an unknown outcome, it is stored once
 * @param events numbered from head + 1; those of one run stand together
 * @param consumedInbox the inbox entries that these events make true; they go in the same transaction
 */
public record Append(ThreadKey thread, long epoch, UUID batch, List<LoggedEvent> events, List<Long> consumedInbox) {
    public Append {
        events = List.copyOf(events);
        consumedInbox = List.copyOf(consumedInbox);
    }

    /** The first number this append claims. */
    public long firstSeq() {
        return events.getFirst().seq();
    }

    /** The thread's head once this is stored. */
    public long lastSeq() {
        return events.getLast().seq();
    }
}
