package dev.heddle.persistence.postgres;

import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.StoredThread;
import dev.heddle.streaming.run.ThreadKey;
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

    /** With its messages. */
    static Mono<StoredThread> execute(Session session, ThreadKey key, NewThread thread) {
        return insert(session, key, thread, thread.items().size())
                .delayUntil(_ -> MessageInsert.first(session, key, 1, thread.items()));
    }

    /** With copies, and its messages behind them. */
    static Mono<StoredThread> execute(Session session, ThreadKey key, NewThread thread, TurnCopy copy) {
        return insert(session, key, thread, 0)
                .delayUntil(_ -> copy.execute(session, 1)
                        .flatMap(turn -> MessageInsert.behind(session, key, turn, thread.items())));
    }

    private static Mono<StoredThread> insert(Session session, ThreadKey key, NewThread thread, int turns) {
        return Mono.defer(() -> session.one(
                INSERT,
                ThreadRows::thread,
                key.id().value(),
                key.tenant().value(),
                JsonText.of(thread.metadata()),
                Session.Null.or(
                        String.class, thread.strategy().map(Spelling::of).orElse(null)),
                turns + 1L,
                thread.shortLived()));
    }
}
