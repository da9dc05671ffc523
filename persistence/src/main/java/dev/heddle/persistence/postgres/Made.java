package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Assistant;
import dev.heddle.persistence.FirstRun;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredRun.RequiredAction;
import dev.heddle.persistence.StoredThread;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a request with a key made or changed: enough to find it again.
 *
 * @param id of items that were added together, the first one's
 * @param detail of a run that outputs were brought to: the number of the event that asked for them; of items, how many
 */
record Made(UUID id, Optional<Long> detail) {
    static Made of(Object stored) {
        return switch (stored) {
            case Assistant assistant -> of(assistant.id().value());
            case StoredThread thread -> of(thread.key().id().value());
            case StoredItem item -> of(item.id().value());
            case List<?> items
            when items.getFirst() instanceof StoredItem first ->
                new Made(first.id().value(), Optional.of((long) items.size()));
            case FirstRun first -> of(first.run());
            case StoredRun run ->
                new Made(run.key().id().value(), run.requiredAction().map(RequiredAction::runSeq));
            default -> throw new IllegalStateException("No request makes a " + stored.getClass());
        };
    }

    private static Made of(UUID id) {
        return new Made(id, Optional.empty());
    }
}
