package dev.heddle.persistence.postgres;

import dev.heddle.streaming.run.ThreadId;
import io.r2dbc.spi.R2dbcException;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * The group commit: appends of many threads and every row they change, in one statement, which is one transaction. What
 * it does stands in the database, as functions: the driver takes a text apart each time it is sent, so texts are short.
 */
final class AppendStatement {
    private static final String APPEND = """
            select append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as left_out
            """;

    private static final String APPEND_WITH_CHANGES = """
            select append_with_changes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                                       $16, $17, $18, $19) as left_out
            """;

    /** Two instances, each of which takes itself for the owner, append at one place (PostgreSQL, appendix A). */
    private static final String UNIQUE_VIOLATION = "23505";

    private AppendStatement() {}

    /** The threads whose append was not stored now, which mostly are none. One that was stored before is among them. */
    static Mono<Set<ThreadId>> execute(Database database, Batch batch) {
        return execute(database, batch, false)
                .onErrorResume(AppendStatement::isContended, _ -> execute(database, batch, true));
    }

    private static boolean isContended(Throwable error) {
        return error instanceof R2dbcException exception && UNIQUE_VIOLATION.equals(exception.getSqlState());
    }

    private static Mono<Set<ThreadId>> execute(Database database, Batch batch, boolean contended) {
        return Mono.defer(() -> database.one(
                batch.changesRows() ? APPEND_WITH_CHANGES : APPEND,
                row -> threads(Column.of(row, "left_out", UUID[].class)),
                parameters(batch, contended)));
    }

    private static Set<ThreadId> threads(UUID[] ids) {
        return Arrays.stream(ids).map(ThreadId::new).collect(Collectors.toUnmodifiableSet());
    }

    private static Object[] parameters(Batch batch, boolean contended) {
        var rows = Stream.concat(Stream.<Object>of(contended, batch.appends()), batch.logRows().parameters().stream());
        return batch.changesRows()
                ? Stream.concat(rows, batch.changes().stream()).toArray()
                : rows.toArray();
    }
}
