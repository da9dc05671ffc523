package dev.heddle.persistence.postgres;

import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.ThreadKey;
import java.util.Optional;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/** A thread whose row this transaction has locked: until its commit nobody else is admitted. */
record LockedThread(ThreadKey key, long nextTurn, Optional<Strategy> strategy) {
    // Does not conflict with the key locks that foreign keys take.
    private static final String LOCK = """
            select next_turn, strategy
              from threads
             where tenant_id = $1 and id = $2 and deleted_at is null
               for no key update
            """;

    /** Does the work in a transaction of its own, with the thread locked. */
    static <T> Mono<T> during(Database database, ThreadKey thread, BiFunction<Session, LockedThread, Mono<T>> work) {
        return database.inTransaction(session -> lock(session, thread).flatMap(locked -> work.apply(session, locked)));
    }

    /** Waits for whoever holds the lock; a {@code ThreadNotFound} problem when there is nothing to lock. */
    static Mono<LockedThread> lock(Session session, ThreadKey thread) {
        return session.one(
                        LOCK,
                        row -> new LockedThread(
                                thread, Column.of(row, "next_turn", Long.class), ThreadRows.strategy(row)),
                        thread.tenant().value(),
                        thread.id().value())
                .switchIfEmpty(Mono.error(new ProblemException(new Problem.ThreadNotFound(thread.id()))));
    }
}
