package dev.heddle.persistence.postgres;

import dev.heddle.streaming.run.NodeId;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The row that says this process is alive, by the database's clock. */
final class Nodes {
    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

    private final Database database;
    private final NodeId node;
    private final Duration heartbeat;
    private final Scheduler scheduler;
    private final Disposable.Swap beating = Disposables.swap();

    Nodes(Database database, NodeId node, Duration heartbeat, Scheduler scheduler) {
        this.database = database;
        this.node = node;
        this.heartbeat = heartbeat;
        this.scheduler = scheduler;
    }

    private static final String FORGET_OTHERS = """
            delete from nodes
             where id <> $1
            """;

    /**
     * Says that this node is alive, and goes on saying so. An instance that is alone by its nature (it holds the lock of
     * the embedded database) declares all others dead, so that nobody waits for their leases to run out.
     */
    Mono<Void> join(boolean alone) {
        return Mono.defer(() -> alone ? database.change(FORGET_OTHERS, node.value()) : Mono.just(0L))
                .then(beat())
                .doOnSuccess(_ -> keepBeating());
    }

    private static final String LEAVE = """
            delete from nodes
             where id = $1
            """;

    /** Says that this node is gone, so that its threads may be taken over at once. */
    Mono<Void> leave() {
        return Mono.fromRunnable(beating::dispose)
                .then(database.change(LEAVE, node.value()))
                .then();
    }

    private void keepBeating() {
        beating.update(Flux.interval(heartbeat, heartbeat, scheduler)
                .onBackpressureDrop()
                .concatMap(_ -> beat().onErrorResume(Nodes::missed), 1)
                .subscribe(_ -> {}, error -> LOG.error("The heartbeat ended", error)));
    }

    private static final String BEAT = """
            insert into nodes (id) values ($1)
            on conflict (id) do update set heartbeat_at = now()
            """;

    private Mono<Void> beat() {
        return Mono.defer(() -> database.change(BEAT, node.value())).then();
    }

    private static Mono<Void> missed(Throwable error) {
        LOG.warn("A heartbeat was missed: {}", error.toString());
        return Mono.empty();
    }
}
