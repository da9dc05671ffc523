package dev.heddle.persistence.postgres;

import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Asks the owner of a locked thread to stop runs: once each, until the stop is logged. */
final class Stops {
    private static final String ASK = """
            insert into thread_inbox (tenant_id, thread_id, kind, run_id, cause)
            select $1, $2, 'stop', r.id, $4
              from unnest($3::uuid[]) with ordinality as r(id, nr)
             order by r.nr
            on conflict do nothing
            """;

    private Stops() {}

    static Mono<Void> ask(Session session, ThreadKey thread, List<RunKey> runs, StopCause cause) {
        return runs.isEmpty()
                ? Mono.empty()
                : Mono.defer(() -> session.change(
                                ASK,
                                thread.tenant().value(),
                                thread.id().value(),
                                runs.stream().map(run -> run.id().value()).toArray(UUID[]::new),
                                Spelling.of(cause)))
                        .then();
    }
}
