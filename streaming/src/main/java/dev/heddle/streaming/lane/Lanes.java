package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The lanes of this instance: one for each thread that is active here. */
public final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final LaneParts parts;
    private final Map<ThreadId, ThreadLane> lanes = new ConcurrentHashMap<>();
    private final Set<ThreadId> failed = ConcurrentHashMap.newKeySet();
    private final Disposable.Swap sweeper = Disposables.swap();
    private volatile boolean closed;

    public Lanes(LaneParts parts) {
        this.parts = parts;
    }

    /** Has the thread's owner look at its inbox, and opens a lane for it when this instance may own it. Never blocks. */
    public void wake(ThreadKey thread) {
        if (!closed) {
            lanes.computeIfAbsent(thread.id(), _ -> open(thread)).wake();
        }
    }

    /** Opens the lane of a thread that is this instance's from its creation on: nothing needs to be asked. Never blocks. */
    public void open(Handover created) {
        if (!closed) {
            ThreadKey thread = created.thread();
            lanes.computeIfAbsent(thread.id(), _ -> open(thread)).begin(created);
        }
    }

    /** Looks once a second for threads that nobody attends to: a lost wake costs that second, never a run. */
    public void startSweeping() {
        sweeper.update(Flux.interval(Duration.ZERO, SWEEP, parts.scheduler())
                .onBackpressureDrop()
                .concatMap(_ -> parts.ownership().unattended().onErrorResume(this::missed), 1)
                .subscribe(this::wake, error -> LOG.error("The sweeper ended", error)));
    }

    /** Stops all work here, at once and for good. Runs that were working are ended by the threads' next owner. */
    public void close() {
        closed = true;
        sweeper.dispose();
        lanes.values().forEach(ThreadLane::abandon);
    }

    /** How many threads are active here. */
    public int size() {
        return lanes.size();
    }

    /** A lane has failed, and may have an append on its way: the next one, soon, is in a new epoch. */
    void failed(ThreadKey thread) {
        failed.add(thread.id());
        Mono.delay(SWEEP, parts.scheduler()).subscribe(_ -> wake(thread), error -> LOG.warn("No wake", error));
    }

    void closed(ThreadId thread, ThreadLane lane) {
        lanes.remove(thread, lane);
    }

    private ThreadLane open(ThreadKey thread) {
        return new ThreadLane(thread, failed.remove(thread.id()), parts, this);
    }

    private Flux<ThreadKey> missed(Throwable error) {
        LOG.warn("Unattended threads could not be looked up; next try in a second", error);
        return Flux.empty();
    }
}
