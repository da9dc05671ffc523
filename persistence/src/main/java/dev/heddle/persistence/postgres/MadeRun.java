package dev.heddle.persistence.postgres;

import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredRun.RequiredAction;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.TenantId;
import java.util.List;
import reactor.core.publisher.Mono;

/** The run that an earlier request made or changed: as it is now, but following the same stream. */
final class MadeRun {
    private static final String FIND = RunRows.SELECT_ALL + """
             where r.tenant_id = $1 and r.id = $2
            """;

    private MadeRun() {}

    /** Also when its turn was withdrawn since; {@code RunNotFound} when its thread was deleted. */
    static Mono<StoredRun> find(Database database, TenantId tenant, Made made) {
        return database.one(FIND, RunRows::run, tenant.value(), made.id())
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(new RunId(made.id())))))
                .map(run ->
                        made.detail().map(runSeq -> followedFrom(run, runSeq)).orElse(run));
    }

    /** Its stream goes on behind the pause that was answered then. Another pause since then has calls of its own. */
    private static StoredRun followedFrom(StoredRun run, long runSeq) {
        List<Item.FunctionCall> calls =
                run.requiredAction().map(RequiredAction::calls).orElse(List.of());
        return run.thatRequired(new RequiredAction(runSeq, calls));
    }
}
