package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Takes the turns of runs out of a locked thread, together with those they adopted. Rows of runs and items stay alone. */
final class Withdrawal {
    private static final String WITHDRAW = """
            update turns
               set withdrawn = true
             where tenant_id = $1 and thread_id = $2 and not withdrawn
               and (number = any ($3::bigint[]) or adopted_by = any ($4::uuid[]))
            returning number
            """;

    private Withdrawal() {}

    static Mono<Void> of(Session session, ThreadKey thread, List<RunKey> runs) {
        return runs.isEmpty()
                ? Mono.empty()
                : Mono.defer(() -> withdraw(session, thread, runs))
                        .filter(turns -> !turns.isEmpty())
                        .map(turns -> new ThreadEvent.TurnsWithdrawn(
                                turns.stream().sorted().toList()))
                        .flatMap(change -> OwnerNotice.tell(session, thread, change));
    }

    private static Mono<List<Long>> withdraw(Session session, ThreadKey thread, List<RunKey> runs) {
        return session.list(
                WITHDRAW,
                row -> Column.of(row, "number", Long.class),
                thread.tenant().value(),
                thread.id().value(),
                runs.stream().map(RunKey::turn).toArray(Long[]::new),
                runs.stream().map(run -> run.id().value()).toArray(UUID[]::new));
    }

    private static final String IS_WITHDRAWN = """
            select t.number
              from turns t
             where t.tenant_id = $1 and t.thread_id = $2 and t.run_id = $3 and t.withdrawn
            """;

    static Mono<Boolean> wasOf(Session session, ThreadKey thread, RunId run) {
        return Mono.defer(() -> session.one(
                        IS_WITHDRAWN,
                        row -> Column.of(row, "number", Long.class),
                        thread.tenant().value(),
                        thread.id().value(),
                        run.value()))
                .hasElement();
    }
}
