package dev.heddle.persistence.postgres;

import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Makes a run of a locked thread one that nobody finds by its id alone any more. */
record Forgetting(ThreadKey thread, RunId run) {
    private static final String OF_KEPT = """
             where r.tenant_id = $1 and r.thread_id = $2 and r.id = $3 and""" + RunRows.KEPT;

    private static final String FORGET = """
            update runs
               set forgotten_at = now()
             where tenant_id = $1 and thread_id = $2 and id = $3
            """;

    Mono<Void> execute(Session session) {
        return session.one(RunRows.SELECT + OF_KEPT, RunRows::run, parameters())
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(run))))
                .flatMap(found -> stop(session, found))
                .then(Mono.defer(() -> session.change(FORGET, parameters())))
                .then();
    }

    private static Mono<StoredRun> stop(Session session, StoredRun found) {
        var key = found.key();
        return switch (found.status()) {
            case QUEUED, IN_PROGRESS, REQUIRES_ACTION ->
                Stops.ask(session, key.thread(), List.of(key), StopCause.CLIENT).thenReturn(found);
            case CANCELLING, COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED -> Mono.just(found);
        };
    }

    private static final String IS_FORGOTTEN = """
            select id
              from runs
             where tenant_id = $1 and thread_id = $2 and id = $3 and forgotten_at is not null
            """;

    Mono<Boolean> wasDone(Session session) {
        return session.one(IS_FORGOTTEN, row -> Column.of(row, "id", UUID.class), parameters())
                .hasElement();
    }

    private Object[] parameters() {
        return new Object[] {thread.tenant().value(), thread.id().value(), run.value()};
    }
}
