package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** {@link Runs} in PostgreSQL. */
final class PostgresRuns implements Runs {
    private final Database database;
    private final PostgresThreads threads;

    PostgresRuns(Database database, PostgresThreads threads) {
        this.database = database;
        this.threads = threads;
    }

    @Override
    public Runs repeatable(RequestKey key) {
        return new RepeatableRuns(this, new Once(database, key), threads);
    }

    @Override
    public Mono<StoredRun> madeBy(TenantId tenant, RequestKey key) {
        return database.madeBy(tenant, key).flatMap(made -> MadeRun.find(database, tenant, made));
    }

    private static final String FIND = RunRows.SELECT + """
             where r.tenant_id = $1 and r.thread_id = $2 and r.id = $3
            """;

    @Override
    public Mono<StoredRun> find(ThreadKey thread, RunId run) {
        return database.one(
                        FIND, RunRows::run, thread.tenant().value(), thread.id().value(), run.value())
                .switchIfEmpty(absent(thread, run));
    }

    private static final String FIND_KEPT = RunRows.SELECT + """
             where r.tenant_id = $1 and r.id = $2 and""" + RunRows.KEPT;

    @Override
    public Mono<StoredRun> find(TenantId tenant, RunId run) {
        return database.one(FIND_KEPT, RunRows::run, tenant.value(), run.value())
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(run))));
    }

    private static final String ACTIVE = RunRows.SELECT + """
             where r.tenant_id = $1 and r.thread_id = $2 and r.ended_seq is null
             order by r.turn
            """;

    @Override
    public Mono<List<StoredRun>> active(ThreadKey thread) {
        return database.list(
                        ACTIVE,
                        RunRows::run,
                        thread.tenant().value(),
                        thread.id().value())
                .flatMap(rows -> threads.orAbsent(thread, rows));
    }

    @Override
    public Mono<Page<StoredRun>> list(ThreadKey thread, PageRequest<RunId> request) {
        return Window.of(
                        request,
                        cursor -> find(thread, cursor).map(run -> run.key().turn()))
                .flatMap(window -> rows(thread, window).map(window::page));
    }

    private static final String PAGE = RunRows.SELECT + """
             where r.tenant_id = $1 and r.thread_id = $2 and r.turn > $3 and r.turn < $4
             order by r.turn %s
             limit $5
            """;

    private Mono<List<StoredRun>> rows(ThreadKey thread, Window<Long> window) {
        return database.list(
                        PAGE.formatted(window.direction()),
                        RunRows::run,
                        thread.tenant().value(),
                        thread.id().value(),
                        window.low().orElse(0L),
                        window.high().orElse(Long.MAX_VALUE),
                        window.rows())
                .flatMap(rows -> threads.orAbsent(thread, rows));
    }

    private static final String REPLACE_METADATA = """
            update runs r
               set metadata = $4::jsonb
              from threads t
             where t.tenant_id = r.tenant_id and t.id = r.thread_id and t.deleted_at is null
               and r.tenant_id = $1 and r.thread_id = $2 and r.id = $3
               and""" + RunRows.VISIBLE + "returning" + RunRows.COLUMNS;

    @Override
    public Mono<StoredRun> replaceMetadata(ThreadKey thread, RunId run, Map<String, Object> metadata) {
        return database.one(
                        REPLACE_METADATA,
                        RunRows::run,
                        thread.tenant().value(),
                        thread.id().value(),
                        run.value(),
                        JsonText.of(metadata))
                .switchIfEmpty(absent(thread, run));
    }

    private Mono<StoredRun> absent(ThreadKey thread, RunId run) {
        return threads.absent(thread, new Problem.RunNotFound(run));
    }
}
