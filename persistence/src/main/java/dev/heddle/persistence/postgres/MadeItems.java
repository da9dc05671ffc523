package dev.heddle.persistence.postgres;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import reactor.core.publisher.Mono;

/** The items that an earlier request added: those that are still there, as they are now. */
final class MadeItems {
    // They were added together, so they stand in consecutive turns.
    private static final String FIND = ItemRows.SELECT + """
             where i.tenant_id = $1 and i.thread_id = $2 and i.item_index = 0
               and i.turn >= (select f.turn from items f where f.tenant_id = $1 and f.id = $3)
               and i.turn < $4 + (select f.turn from items f where f.tenant_id = $1 and f.id = $3)
             order by i.turn
            """;

    private MadeItems() {}

    /** {@code ItemNotFound} when none of them is there any more. */
    static Mono<List<StoredItem>> find(Database database, ThreadKey thread, Made made) {
        return database.list(
                        FIND,
                        ItemRows::item,
                        thread.tenant().value(),
                        thread.id().value(),
                        made.id(),
                        made.detail().orElse(1L))
                .filter(found -> !found.isEmpty())
                .switchIfEmpty(
                        new PostgresThreads(database).absent(thread, new Problem.ItemNotFound(new ItemId(made.id()))));
    }
}
