package dev.heddle.persistence.postgres;

import dev.heddle.streaming.run.ThreadId;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * The group commit: appends of many threads and every row they change, in one statement, which is one transaction. What
 * it does stands in the database, as functions: the driver takes a text apart each time it is sent, so texts are short.
 */
final class AppendStatement {
    private static final String APPEND = """
            select append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as thread_id
            """;

    private static final String APPEND_WITH_CHANGES = """
            select append_with_changes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                                       $15, $16, $17, $18) as thread_id
            """;

    private AppendStatement() {}

    /** The threads whose append was stored now. An append that was stored before is not among them. */
    static Mono<Set<ThreadId>> execute(Database database, Batch batch) {
        return Mono.defer(() -> database.list(
                        batch.changesRows() ? APPEND_WITH_CHANGES : APPEND,
                        row -> new ThreadId(Column.of(row, "thread_id", UUID.class)),
                        parameters(batch)))
                .map(HashSet::new);
    }

    private static Object[] parameters(Batch batch) {
        var rows = Stream.concat(Stream.of(batch.appends()), batch.logRows().parameters().stream());
        return batch.changesRows()
                ? Stream.concat(rows, batch.changes().stream()).toArray()
                : rows.toArray();
    }
}
