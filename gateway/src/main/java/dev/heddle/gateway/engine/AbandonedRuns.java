package dev.heddle.gateway.engine;

import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunKey;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Stops the runs whose clients have gone away, where that is what a client wants. Each is asked to stop once, in the
 * background; one that can not be asked goes on to its end, and is logged. Once this is closed nothing more is stopped:
 * that a server cuts its connections as it shuts down is nobody's wish.
 */
public final class AbandonedRuns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedRuns.class);
    private static final int MAX_AT_ONCE = 16;
    private static final int MAX_WAITING = 10_000;

    private final Function<RunKey, Mono<StoredRun>> stop;
    private final Sinks.Many<RunKey> abandoned =
            Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(MAX_WAITING));

    /** {@code stop} asks a run to stop, as {@link RunService#stop} does. */
    public AbandonedRuns(Function<RunKey, Mono<StoredRun>> stop) {
        this.stop = stop;
        abandoned
                .asFlux()
                // No run waits for another one to stop.
                .flatMap(this::stopped, MAX_AT_ONCE, 1)
                .subscribe(_ -> {}, error -> LOG.error("No abandoned run is stopped any more", error));
    }

    /** The client of this run has gone. Returns at once; may be called on any thread. */
    public synchronized void stop(RunKey run) {
        switch (abandoned.tryEmitNext(run)) {
            case OK, FAIL_TERMINATED -> {} // Closed, if terminated.
            case FAIL_OVERFLOW, FAIL_NON_SERIALIZED, FAIL_CANCELLED, FAIL_ZERO_SUBSCRIBER ->
                LOG.error(
                        "Run {} of thread {} was abandoned and goes on",
                        run.id(),
                        run.thread().id());
        }
    }

    /** What was abandoned before is still stopped. */
    @Override
    public synchronized void close() {
        // Fails only where it is closed already: all of this stands under one lock.
        abandoned.tryEmitComplete();
    }

    private Mono<StoredRun> stopped(RunKey run) {
        return Mono.defer(() -> stop.apply(run))
                // It has ended meanwhile, or is gone.
                .onErrorComplete(ProblemException.class)
                .doOnError(error -> LOG.error("Run {} was abandoned and goes on", run.id(), error))
                .onErrorComplete();
    }
}
