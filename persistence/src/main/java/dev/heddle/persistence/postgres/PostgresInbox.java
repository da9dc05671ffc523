package dev.heddle.persistence.postgres;

import dev.heddle.streaming.lane.Inbox;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Reads the inbox; {@link PostgresAdmission} writes it, and the append that makes an entry true deletes it. */
final class PostgresInbox implements Inbox {
    private final Database database;

    PostgresInbox(Database database) {
        this.database = database;
    }

    private static final String READ = """
            select b.id, b.kind, b.turn, b.run_id, b.item_id, b.strategy, b.cause, b.payload, i.item
              from thread_inbox b
              left join items i on i.tenant_id = b.tenant_id and i.id = b.item_id
             where b.tenant_id = $1 and b.thread_id = $2 and b.id > $3
             order by b.id
             limit $4
            """;

    @Override
    public Mono<List<InboxEntry>> read(ThreadKey thread, long after, int limit) {
        return database.list(
                READ, PostgresInbox::entry, thread.tenant().value(), thread.id().value(), after, limit);
    }

    // What a thread's owner takes for void stays void, whoever owns the thread a moment later: a look is enough.
    private static final String DISCARD = """
            delete from thread_inbox b
             using threads t
             where t.tenant_id = b.tenant_id and t.id = b.thread_id and t.owner_epoch = $3
               and b.tenant_id = $1 and b.thread_id = $2 and b.id = $4
            """;

    @Override
    public Mono<Void> discard(ThreadKey thread, long epoch, long entry) {
        return database.change(DISCARD, thread.tenant().value(), thread.id().value(), epoch, entry)
                .then();
    }

    private static InboxEntry entry(Readable row) {
        long id = Column.of(row, "id", Long.class);
        return switch (Column.of(row, "kind", String.class)) {
            case "run" ->
                new InboxEntry.RunAdmitted(
                        id,
                        run(row),
                        turn(row),
                        Spelling.read(Strategy.class, Column.of(row, "strategy", String.class)));
            case "stop" ->
                new InboxEntry.StopAsked(
                        id, run(row), Spelling.read(StopCause.class, Column.of(row, "cause", String.class)));
            case "message" ->
                new InboxEntry.ItemAdded(
                        id,
                        turn(row),
                        new ItemId(Column.of(row, "item_id", UUID.class)),
                        JsonText.item(Column.of(row, "item", String.class)));
            case "outputs" -> new InboxEntry.OutputsSubmitted(id, run(row), InboxJson.outputs(payload(row)));
            case "changed" -> new InboxEntry.ThreadChanged(id, JsonText.threadEvent(payload(row)));
            case String unknown -> throw new IllegalArgumentException("No inbox entry is of the kind " + unknown);
        };
    }

    private static RunId run(Readable row) {
        return new RunId(Column.of(row, "run_id", UUID.class));
    }

    private static String payload(Readable row) {
        return Column.of(row, "payload", String.class);
    }

    private static long turn(Readable row) {
        return Column.of(row, "turn", Long.class);
    }
}
