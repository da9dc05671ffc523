package dev.heddle.persistence.postgres;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Rows of {@code items}. */
final class ItemRows {
    /** What {@link #item} reads, of {@code items i}; also to be returned by an insert or update. */
    static final String COLUMNS = """
             i.id, i.thread_id, i.turn, i.item_index, i.output_of, i.model_call, i.status, i.item, i.metadata,
             i.prompt_tokens, i.completion_tokens, i.cached_tokens, i.reasoning_tokens, i.created_at, i.ended_at,
             (select o.assistant_id from runs o
               where o.tenant_id = i.tenant_id and o.id = i.output_of) as assistant_id
            """;

    /** Also those that were deleted or withdrawn; otherwise as {@link #SELECT}. */
    static final String SELECT_ALL = "select" + COLUMNS + """
            from items i
            join threads t on t.tenant_id = i.tenant_id and t.id = i.thread_id and t.deleted_at is null
            """;

    /** Of {@code items i}: its turn was not withdrawn. */
    static final String NOT_WITHDRAWN = """
             not exists (select from turns w
                          where w.tenant_id = i.tenant_id and w.thread_id = i.thread_id and w.number = i.turn
                            and w.withdrawn)
            """;

    /** Of {@code items i}: neither it was deleted nor its turn withdrawn. */
    static final String VISIBLE = " i.deleted_at is null and" + NOT_WITHDRAWN;

    /** The items of threads that are not deleted; to be narrowed by a condition that names the tenant. */
    static final String SELECT = SELECT_ALL + " and" + VISIBLE;

    private ItemRows() {}

    static StoredItem item(Readable row) {
        return new StoredItem(
                new ItemId(Column.of(row, "id", UUID.class)),
                new ThreadId(Column.of(row, "thread_id", UUID.class)),
                position(row),
                output(row),
                Spelling.read(ItemStatus.class, Column.of(row, "status", String.class)),
                JsonText.item(Column.of(row, "item", String.class)),
                Column.of(row, "created_at", Instant.class),
                Column.find(row, "ended_at", Instant.class),
                JsonText.metadata(Column.of(row, "metadata", String.class)));
    }

    /** Of a row with turn and item_index. */
    static Position position(Readable row) {
        return new Position(Column.of(row, "turn", Long.class), Column.of(row, "item_index", Integer.class));
    }

    private static Optional<StoredItem.Output> output(Readable row) {
        return Column.find(row, "output_of", UUID.class)
                .map(run -> new StoredItem.Output(
                        new RunId(run),
                        assistant(row),
                        Column.of(row, "model_call", Integer.class),
                        RunRows.usage(row)));
    }

    private static Optional<AssistantId> assistant(Readable row) {
        return Column.find(row, "assistant_id", UUID.class).map(AssistantId::new);
    }
}
