package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** {@link PostgresRuns}, changed over a database that claims the request's key. */
record RepeatableRuns(PostgresRuns runs, Once once, PostgresThreads threads) implements Runs {
    @Override
    public Runs repeatable(RequestKey key) {
        return runs.repeatable(key);
    }

    @Override
    public Mono<StoredRun> replaceMetadata(ThreadKey thread, RunId run, Map<String, Object> metadata) {
        return once.make(
                thread.tenant(),
                database -> new PostgresRuns(database, threads).replaceMetadata(thread, run, metadata),
                _ -> runs.find(thread, run));
    }

    @Override
    public Mono<StoredRun> madeBy(TenantId tenant, RequestKey key) {
        return runs.madeBy(tenant, key);
    }

    @Override
    public Mono<StoredRun> find(ThreadKey thread, RunId run) {
        return runs.find(thread, run);
    }

    @Override
    public Mono<StoredRun> find(TenantId tenant, RunId run) {
        return runs.find(tenant, run);
    }

    @Override
    public Mono<List<StoredRun>> active(ThreadKey thread) {
        return runs.active(thread);
    }

    @Override
    public Mono<Page<StoredRun>> list(ThreadKey thread, PageRequest<RunId> request) {
        return runs.list(thread, request);
    }
}
