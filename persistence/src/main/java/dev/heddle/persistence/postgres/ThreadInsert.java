package dev.heddle.persistence.postgres;

import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.StoredThread;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Creates threads with what they begin with; empty when the thread is there already. */
final class ThreadInsert {
    // Of the same insert whose outcome is unknown, this one awaits the end.
    private static final String INSERT = """
            insert into threads as t (id, tenant_id, metadata, strategy, next_turn, short_lived)
            values ($1, $2, $3::jsonb, $4, $5, $6)
            on conflict do nothing
            returning %s
            """.formatted(ThreadRows.COLUMNS);

    private ThreadInsert() {}

    /** With its items. */
    static Mono<StoredThread> execute(Session session, ThreadKey key, NewThread thread) {
        return insert(session, key, thread, thread.items().size())
                .delayUntil(_ -> ItemInsert.first(session, key, 1, thread.items()));
    }

    /** With copies, and its items behind them. */
    static Mono<StoredThread> execute(Session session, ThreadKey key, NewThread thread, TurnCopy copy) {
        return insert(session, key, thread, 0)
                .delayUntil(_ -> copy.execute(session, 1)
                        .flatMap(turn -> ItemInsert.behind(session, key, turn, thread.items())));
    }

    // A run that has ended without a start has seen what there was at its end.
    private static final String INSERT_BRANCH = """
            insert into threads as t (id, tenant_id, metadata, strategy, next_turn, short_lived, parent_thread,
                                      parent_turn, parent_seq)
            select $1, $2, $3::jsonb, $4, r.turn + $5, $6, r.thread_id, r.turn, coalesce(r.started_seq, r.ended_seq)
              from runs r
             where r.tenant_id = $2 and r.id = $7
            on conflict do nothing
            returning %s
            """.formatted(ThreadRows.COLUMNS);

    /** As a branch that goes on from a run that has ended, with its items. */
    static Mono<StoredThread> execute(Session session, ThreadKey key, NewThread thread, RunKey parent) {
        return Mono.defer(() -> session.one(
                        INSERT_BRANCH,
                        ThreadRows::thread,
                        withRun(columns(key, thread, thread.items().size()), parent)))
                .delayUntil(_ -> ItemInsert.first(session, key, parent.turn() + 1, thread.items()));
    }

    private static Object[] withRun(Object[] columns, RunKey run) {
        return Stream.concat(Stream.of(columns), Stream.of(run.id().value())).toArray();
    }

    private static Mono<StoredThread> insert(Session session, ThreadKey key, NewThread thread, int turns) {
        return Mono.defer(() -> session.one(INSERT, ThreadRows::thread, columns(key, thread, turns)));
    }

    private static Object[] columns(ThreadKey key, NewThread thread, int turns) {
        return new Object[] {
            key.id().value(),
            key.tenant().value(),
            JsonText.of(thread.metadata()),
            Session.Null.or(String.class, thread.strategy().map(Spelling::of).orElse(null)),
            turns + 1L,
            thread.shortLived()
        };
    }
}
