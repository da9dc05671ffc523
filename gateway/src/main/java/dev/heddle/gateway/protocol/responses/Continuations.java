package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The latest response of each stream of one socket: the socket goes on from them though they be not stored. Whatever is
 * not here is looked for among the stored ones.
 */
final class Continuations implements Parents {
    /** How long a thread is held at a time; longer than the time to the next renewal. */
    private static final Duration HOLD = Duration.ofMinutes(10);

    private static final int AT_ONCE = 4;

    private final Runs runs;
    private final Threads threads;
    private final Parents stored;
    private final Map<String, RunKey> latest = new ConcurrentHashMap<>();

    Continuations(Runs runs, Threads threads) {
        this.runs = runs;
        this.threads = threads;
        this.stored = Parents.stored(runs);
    }

    @Override
    public Mono<StoredRun> find(TenantId tenant, RunId parent) {
        return Mono.defer(() -> Mono.justOrEmpty(cached(parent))
                .flatMap(this::find)
                .switchIfEmpty(Mono.defer(() -> stored.find(tenant, parent))));
    }

    private Optional<RunKey> cached(RunId parent) {
        return latest.values().stream().filter(run -> run.id().equals(parent)).findFirst();
    }

    /** It may have been discarded all the same, or withdrawn: then it is nowhere. */
    private Mono<StoredRun> find(RunKey run) {
        return runs.find(run.thread(), run.id())
                .onErrorMap(Continuations::isGone, _ -> Parents.notFound(OpenAiIds.response(run.id())));
    }

    private static boolean isGone(Throwable error) {
        return error instanceof ProblemException known
                && (known.problem() instanceof Problem.RunNotFound
                        || known.problem() instanceof Problem.ThreadNotFound);
    }

    /** The stream's latest response is this one now; the one before it is let go. */
    void advance(String stream, RunKey run) {
        latest.put(stream, run);
    }

    /** Going on from this response has failed; its own stream lets it go, so that it does not fail for ever. */
    void failed(String stream, RunId parent) {
        latest.computeIfPresent(stream, (_, run) -> run.id().equals(parent) ? null : run);
    }

    /** Keeps the threads of what is here from being discarded for a while. */
    Mono<Void> hold() {
        return Flux.defer(() -> Flux.fromIterable(latest.values()))
                .flatMap(run -> threads.hold(run.thread(), HOLD), AT_ONCE) // Their order does not matter.
                .then();
    }
}
