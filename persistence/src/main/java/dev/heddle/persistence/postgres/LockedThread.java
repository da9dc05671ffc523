package dev.heddle.persistence.postgres;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** A thread whose row this transaction has locked: until its commit nobody else is admitted. */
record LockedThread(ThreadKey key, long nextTurn) {
    // Does not conflict with the key locks that foreign keys take.
    private static final String LOCK = """
            select next_turn
              from threads
             where tenant_id = $1 and id = $2 and deleted_at is null
               for no key update
            """;

    /** Waits for whoever holds the lock; a {@code ThreadNotFound} problem when there is nothing to lock. */
    static Mono<LockedThread> lock(Session session, ThreadKey thread) {
        return session.one(
                        LOCK,
                        row -> new LockedThread(thread, Column.of(row, "next_turn", Long.class)),
                        thread.tenant().value(),
                        thread.id().value())
                .switchIfEmpty(Mono.error(new ProblemException(new Problem.ThreadNotFound(thread.id()))));
    }

    private static final String ACTIVE_RUNS = """
            select id
              from runs
             where tenant_id = $1 and thread_id = $2 and ended_seq is null
             order by turn
            """;

    /** The runs that have not ended, by turn. To be asked for after the lock: the look must not be older than it. */
    Mono<List<RunId>> activeRuns(Session session) {
        return session.list(
                ACTIVE_RUNS,
                row -> new RunId(Column.of(row, "id", UUID.class)),
                key.tenant().value(),
                key.id().value());
    }
}
