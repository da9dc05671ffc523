package dev.heddle.persistence.postgres;

import dev.heddle.persistence.ToolCalls;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunKey;
import io.r2dbc.spi.Readable;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** {@link ToolCalls} in PostgreSQL. */
final class PostgresToolCalls implements ToolCalls {
    private final Database database;

    PostgresToolCalls(Database database) {
        this.database = database;
    }

    // The update changes nothing: it waits for whoever begins the same call now, and gives the row as it is then.
    private static final String BEGIN = """
            insert into tool_calls as c (tenant_id, thread_id, run_id, call_id, tool, begun_by)
            select r.tenant_id, r.thread_id, r.id, $4, $5, $6
              from runs r
             where r.tenant_id = $1 and r.thread_id = $2 and r.id = $3
            on conflict (run_id, call_id) do update set begun_by = c.begun_by
            returning c.begun_by = $6 as is_new, c.ended_at is not null as has_ended, c.output
            """;

    @Override
    public Mono<Known> begin(RunKey run, CallId call, String tool) {
        return Mono.defer(() -> begin(run, call, tool, UUID.randomUUID()));
    }

    private Mono<Known> begin(RunKey run, CallId call, String tool, UUID attempt) {
        Mono<Known> begin = database.one(
                BEGIN,
                PostgresToolCalls::known,
                run.thread().tenant().value(),
                run.thread().id().value(),
                run.id().value(),
                call.value(),
                tool,
                attempt);
        return LostConnection.survive(begin, begin)
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(run.id()))));
    }

    private static Known known(Readable row) {
        if (Column.of(row, "has_ended", Boolean.class)) {
            return new Known.Ended(Column.of(row, "output", String.class));
        }
        return Column.of(row, "is_new", Boolean.class) ? new Known.New() : new Known.Begun();
    }

    private static final String END = """
            update tool_calls
               set ended_at = now(), output = $5
             where tenant_id = $1 and thread_id = $2 and run_id = $3 and call_id = $4 and ended_at is null
            """;

    @Override
    public Mono<Void> end(RunKey run, CallId call, String output) {
        Mono<Long> end = database.change(
                END,
                run.thread().tenant().value(),
                run.thread().id().value(),
                run.id().value(),
                call.value(),
                output);
        return LostConnection.survive(end, end).then();
    }
}
