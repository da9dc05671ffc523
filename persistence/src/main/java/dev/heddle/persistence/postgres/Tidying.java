package dev.heddle.persistence.postgres;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Removes what counts no more: every minute, in bites that keep no other work waiting. Every instance does it; what one is
 * at, another passes by.
 */
abstract class Tidying implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Tidying.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final String what;
    private final int bite;
    private final Scheduler scheduler;
    private final Disposable.Swap tidying = Disposables.swap();
    private volatile boolean running;

    /** A bite removes so many at most. */
    Tidying(String what, int bite, Scheduler scheduler) {
        this.what = what;
        this.bite = bite;
        this.scheduler = scheduler;
    }

    @Override
    public final void start() {
        tidying.update(Flux.interval(EVERY, scheduler)
                .onBackpressureDrop()
                .concatMap(_ -> prune().onErrorResume(this::later), 1)
                .subscribe(_ -> {}, error -> LOG.error("{} are removed no more", what, error)));
        running = true;
    }

    @Override
    public final void stop() {
        tidying.update(Disposables.disposed());
        running = false;
    }

    @Override
    public final boolean isRunning() {
        return running;
    }

    /** Bite after bite, until one was not full; gives how many were removed. */
    final Mono<Long> prune() {
        return Mono.defer(this::bite)
                .expand(removed -> removed < bite ? Mono.empty() : bite())
                .reduce(0L, Long::sum);
    }

    /** Removes some; gives how many. */
    abstract Mono<Long> bite();

    private Mono<Long> later(Throwable error) {
        LOG.warn("{} could not be removed: {}", what, error.toString());
        return Mono.empty();
    }
}
