package dev.heddle.gateway.protocol.streams;

import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** Runs that are there or not. */
final class FakeRuns implements Runs {
    private final Map<RunId, RunKey> all = new ConcurrentHashMap<>();

    void add(RunKey run) {
        all.put(run.id(), run);
    }

    @Override
    public Mono<StoredRun> find(TenantId tenant, RunId run) {
        return Mono.justOrEmpty(all.get(run))
                .filter(key -> key.thread().tenant().equals(tenant))
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(run))))
                .map(FakeRuns::stored);
    }

    private static StoredRun stored(RunKey run) {
        return new StoredRun(
                run,
                RunStatus.IN_PROGRESS,
                Strategy.CONCURRENT,
                RunSpec.of(null, "demo", "", ModelOptions.DEFAULTS),
                Map.of(),
                Rig.AT,
                Rig.AT,
                Optional.empty(),
                Optional.empty(),
                Usage.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public Mono<StoredRun> find(ThreadKey thread, RunId run) {
        return find(thread.tenant(), run)
                .filter(found -> found.key().thread().equals(thread))
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(run))));
    }

    @Override
    public Runs repeatable(RequestKey key) {
        throw new UnsupportedOperationException("Streams ask for none of this");
    }

    @Override
    public Mono<StoredRun> madeBy(TenantId tenant, RequestKey key) {
        throw new UnsupportedOperationException("Streams ask for none of this");
    }

    @Override
    public Mono<List<StoredRun>> active(ThreadKey thread) {
        throw new UnsupportedOperationException("Streams ask for none of this");
    }

    @Override
    public Mono<Page<StoredRun>> list(ThreadKey thread, PageRequest<RunId> request) {
        throw new UnsupportedOperationException("Streams ask for none of this");
    }

    @Override
    public Mono<StoredRun> replaceMetadata(ThreadKey thread, RunId run, Map<String, Object> metadata) {
        throw new UnsupportedOperationException("Streams ask for none of this");
    }
}
