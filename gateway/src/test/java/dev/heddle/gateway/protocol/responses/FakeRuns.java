package dev.heddle.gateway.protocol.responses;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** Runs of responses that have ended, each in a thread of its own. */
final class FakeRuns implements Runs {
    private final Map<RunId, StoredRun> all = new ConcurrentHashMap<>();

    /** A run of a response that is stored, or not. */
    RunKey add(boolean store) {
        var run = new RunKey(new ThreadKey(TenantId.DEFAULT, ThreadId.fresh()), 0, RunId.fresh());
        all.put(run.id(), stored(run, store));
        return run;
    }

    void discard(RunKey run) {
        all.remove(run.id());
    }

    private static StoredRun stored(RunKey run, boolean store) {
        String body = "{\"model\":\"m\",\"input\":\"Hi\",\"store\":" + store + "}";
        return new StoredRun(
                run,
                RunStatus.COMPLETED,
                Strategy.CONCURRENT,
                CreateRequest.read(JsonFields.ofBody(body.getBytes(UTF_8))).spec(),
                Map.of(),
                Sample.CREATED,
                Sample.CREATED,
                Optional.empty(),
                Optional.of(Sample.CREATED),
                Usage.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public Mono<StoredRun> find(ThreadKey thread, RunId run) {
        return found(run, found -> found.key().thread().equals(thread));
    }

    /** Also those that are not stored, as persistence keeps some for a while. */
    @Override
    public Mono<StoredRun> find(TenantId tenant, RunId run) {
        return found(run, found -> found.key().thread().tenant().equals(tenant));
    }

    private Mono<StoredRun> found(RunId run, Predicate<StoredRun> which) {
        return Mono.justOrEmpty(all.get(run))
                .filter(which)
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(run))));
    }

    @Override
    public Runs repeatable(RequestKey key) {
        throw new UnsupportedOperationException("Sockets ask for none of this");
    }

    @Override
    public Mono<StoredRun> madeBy(TenantId tenant, RequestKey key) {
        throw new UnsupportedOperationException("Sockets ask for none of this");
    }

    @Override
    public Mono<List<StoredRun>> active(ThreadKey thread) {
        throw new UnsupportedOperationException("Sockets ask for none of this");
    }

    @Override
    public Mono<Page<StoredRun>> list(ThreadKey thread, PageRequest<RunId> request) {
        throw new UnsupportedOperationException("Sockets ask for none of this");
    }

    @Override
    public Mono<StoredRun> replaceMetadata(ThreadKey thread, RunId run, Map<String, Object> metadata) {
        throw new UnsupportedOperationException("Sockets ask for none of this");
    }
}
