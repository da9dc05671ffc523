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

/** Forgets the keys of requests when they count no more: every minute, in bites that keep no other work waiting. */
final class OldKeys implements SmartLifecycle {
    static final int BITE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(OldKeys.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Database database;
    private final Duration life;
    private final Scheduler scheduler;
    private final Disposable.Swap pruning = Disposables.swap();
    private volatile boolean running;

    OldKeys(Database database, Duration life, Scheduler scheduler) {
        this.database = database;
        this.life = life;
        this.scheduler = scheduler;
    }

    @Override
    public void start() {
        pruning.update(Flux.interval(EVERY, scheduler)
                .onBackpressureDrop()
                .concatMap(_ -> prune().onErrorResume(OldKeys::later), 1)
                .subscribe(_ -> {}, error -> LOG.error("Old keys are forgotten no more", error)));
        running = true;
    }

    @Override
    public void stop() {
        pruning.update(Disposables.disposed());
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Bite after bite, until one was not full; gives how many keys were forgotten. */
    Mono<Long> prune() {
        return Mono.defer(this::bite)
                .expand(keys -> keys < BITE ? Mono.empty() : bite())
                .reduce(0L, Long::sum);
    }

    // Leaves those to the next minute that a request is just replacing.
    private static final String FORGET = """
            with old as materialized (
                select o.tenant_id, o.key
                  from idempotency_keys o
                 where o.created_at < now() - $1 * interval '1 millisecond'
                 order by o.created_at
                 limit $2
                   for update skip locked
            )
            delete from idempotency_keys k
             using old
             where k.tenant_id = old.tenant_id and k.key = old.key
            """;

    private Mono<Long> bite() {
        return database.change(FORGET, life.toMillis(), BITE);
    }

    private static Mono<Long> later(Throwable error) {
        LOG.warn("Old keys could not be forgotten: {}", error.toString());
        return Mono.empty();
    }
}
