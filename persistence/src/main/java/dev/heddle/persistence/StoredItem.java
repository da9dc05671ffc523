package dev.heddle.persistence;

import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An item in its place.
 *
 * @param output what made it, when a run did; empty for what clients brought, also as a run's input
 * @param endedAt when it was completed or cut short
 */
public record StoredItem(
        ItemId id,
        ThreadId thread,
        Position position,
        Optional<Output> output,
        ItemStatus status,
        Item item,
        Instant createdAt,
        Optional<Instant> endedAt,
        Map<String, Object> metadata) {
    public StoredItem {
        metadata = Map.copyOf(metadata);
    }

    /** The same as a branch of its thread shows it. */
    public StoredItem shownIn(ThreadId branch) {
        return new StoredItem(id, branch, position, output, status, item, createdAt, endedAt, metadata);
    }

    public boolean isOutputOf(RunId run) {
        return output.filter(made -> made.run().equals(run)).isPresent();
    }

    /** The run and model call that produced an item, and what that step cost. */
    public record Output(RunId run, Optional<AssistantId> assistant, int modelCall, Usage usage) {}
}
