package dev.heddle.persistence.postgres;

import dev.heddle.persistence.StoredThread;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Rows of {@code threads}. */
final class ThreadRows {
    /** What {@link #thread} reads, of {@code threads t}; also to be returned by an insert or update. */
    static final String COLUMNS = " t.id, t.tenant_id, t.created_at, t.strategy, t.metadata ";

    private ThreadRows() {}

    static StoredThread thread(Readable row) {
        return new StoredThread(
                new ThreadKey(
                        new TenantId(Column.of(row, "tenant_id", String.class)),
                        new ThreadId(Column.of(row, "id", UUID.class))),
                Column.of(row, "created_at", Instant.class),
                strategy(row),
                JsonText.metadata(Column.of(row, "metadata", String.class)));
    }

    /** Of a row with strategy, which may be null. */
    static Optional<Strategy> strategy(Readable row) {
        return Column.find(row, "strategy", String.class).map(strategy -> Spelling.read(Strategy.class, strategy));
    }
}
