package dev.heddle.persistence.postgres;

import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Rows of {@code runs}. */
final class RunRows {
    /** What {@link #run} reads, of {@code runs r}; also to be returned by an insert or update. */
    static final String COLUMNS = """
             r.id, r.tenant_id, r.thread_id, r.turn, r.status, r.strategy, r.spec, r.metadata, r.created_at, r.expires_at,
             r.started_at, r.ended_at, r.prompt_tokens, r.completion_tokens, r.cached_tokens, r.reasoning_tokens,
             r.failure_code, r.failure_message, r.incomplete_reason, r.stop_cause, r.required_action, r.paused_run_seq,
             exists (select from thread_inbox s
                      where s.tenant_id = r.tenant_id and s.run_id = r.id and s.kind = 'stop') as stop_asked,
             exists (select from thread_inbox s
                      where s.tenant_id = r.tenant_id and s.run_id = r.id and s.kind = 'outputs') as outputs_brought
            """;

    /** Also those whose turn was withdrawn; otherwise as {@link #SELECT}. */
    static final String SELECT_ALL = "select" + COLUMNS + """
            from runs r
            join threads t on t.tenant_id = r.tenant_id and t.id = r.thread_id and t.deleted_at is null
            """;

    /** Of {@code runs r}: its turn was not withdrawn. */
    static final String VISIBLE = """
             not exists (select from turns w
                          where w.tenant_id = r.tenant_id and w.thread_id = r.thread_id and w.number = r.turn
                            and w.withdrawn)
            """;

    /** The runs of threads that are not deleted; to be narrowed by a condition that names the tenant. */
    static final String SELECT = SELECT_ALL + " and" + VISIBLE;

    /** Of {@code runs r}: it is found by its id alone. */
    static final String KEPT = """
             r.forgotten_at is null
               and (r.keeping = 'stored'
                    or r.keeping = 'briefly' and (r.ended_at is null or r.ended_at > now() - interval '10 minutes'))
            """;

    private RunRows() {}

    static StoredRun run(Readable row) {
        return new StoredRun(
                key(row),
                status(row),
                Spelling.read(Strategy.class, Column.of(row, "strategy", String.class)),
                JsonText.runSpec(Column.of(row, "spec", String.class)),
                JsonText.metadata(Column.of(row, "metadata", String.class)),
                Column.of(row, "created_at", Instant.class),
                Column.of(row, "expires_at", Instant.class),
                Column.find(row, "started_at", Instant.class),
                Column.find(row, "ended_at", Instant.class),
                usage(row),
                failure(row),
                incomplete(row),
                requiredAction(row).filter(_ -> status(row) == RunStatus.REQUIRES_ACTION),
                Column.find(row, "stop_cause", String.class).map(cause -> Spelling.read(StopCause.class, cause)));
    }

    /** Of a row with id, tenant_id, thread_id and turn. */
    static RunKey key(Readable row) {
        var thread = new ThreadKey(
                new TenantId(Column.of(row, "tenant_id", String.class)),
                new ThreadId(Column.of(row, "thread_id", UUID.class)));
        return new RunKey(thread, Column.of(row, "turn", Long.class), new RunId(Column.of(row, "id", UUID.class)));
    }

    // What was asked for is told at once, though only the owner's append makes it true.
    private static RunStatus status(Readable row) {
        var logged = Spelling.read(RunStatus.class, Column.of(row, "status", String.class));
        if (logged.isActive() && Column.of(row, "stop_asked", Boolean.class)) {
            return RunStatus.CANCELLING;
        }
        return logged == RunStatus.REQUIRES_ACTION && Column.of(row, "outputs_brought", Boolean.class)
                ? RunStatus.QUEUED
                : logged;
    }

    private static Optional<StoredRun.RequiredAction> requiredAction(Readable row) {
        return Column.find(row, "required_action", String.class)
                .map(calls -> new StoredRun.RequiredAction(
                        Column.of(row, "paused_run_seq", Long.class), JsonText.calls(calls)));
    }

    /** Of a row with the four counts. */
    static Usage usage(Readable row) {
        return new Usage(
                Column.of(row, "prompt_tokens", Long.class),
                Column.of(row, "completion_tokens", Long.class),
                Column.of(row, "cached_tokens", Long.class),
                Column.of(row, "reasoning_tokens", Long.class));
    }

    private static Optional<RunFailure> failure(Readable row) {
        return Column.find(row, "failure_code", String.class)
                .map(code -> new RunFailure(
                        Spelling.read(RunFailure.Code.class, code), Column.of(row, "failure_message", String.class)));
    }

    private static Optional<IncompleteReason> incomplete(Readable row) {
        return Column.find(row, "incomplete_reason", String.class)
                .map(reason -> Spelling.read(IncompleteReason.class, reason));
    }
}
