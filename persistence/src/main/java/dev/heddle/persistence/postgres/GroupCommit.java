package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.run.ThreadId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Gathers the appends of all lanes of this instance and commits them together. Between the beginnings of two commits lies
 * the window, or as long as the last commit took where that is longer: the first append after a rest goes at once, and
 * the slower the database, the larger the groups. While as many commits as allowed are on their way, appends wait.
 * Bounded by the lanes, each of which has one append here at a time.
 */
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private static final long MAX_WINDOW_NANOS = Duration.ofMillis(50).toNanos();

    private final Function<List<Append>, Mono<List<AppendOutcome>>> commit;
    private final Scheduler scheduler;
    private final long windowNanos;
    private final int maxInFlight;
    private final int maxAppends;
    private final Object lock = new Object();
    private List<Submitted> waiting = new ArrayList<>();
    private boolean timed;
    private int telling;
    private int inFlight;
    private long nextNanos;
    private long lastTookNanos;

    private record Submitted(Append append, Sinks.One<AppendOutcome> outcome) {
        ThreadId thread() {
            return append.thread().id();
        }
    }

    /** {@code commit} answers with one outcome for each append, in their order. */
    GroupCommit(
            Function<List<Append>, Mono<List<AppendOutcome>>> commit,
            Scheduler scheduler,
            Duration window,
            int maxInFlight,
            int maxAppends) {
        this.commit = commit;
        this.scheduler = scheduler;
        this.windowNanos = window.toNanos();
        this.nextNanos = now();
        this.maxInFlight = maxInFlight;
        this.maxAppends = maxAppends;
    }

    /** Begins at subscription; cancelling does not take the append back. */
    Mono<AppendOutcome> submit(Append append) {
        return Mono.defer(() -> {
            var submitted = new Submitted(append, Sinks.one());
            enqueue(submitted);
            return submitted.outcome().asMono();
        });
    }

    private void enqueue(Submitted submitted) {
        synchronized (lock) {
            waiting.add(submitted);
        }
        commitInTime();
    }

    /** Commits what waits, as soon as another commit may begin. */
    private void commitInTime() {
        long wait;
        synchronized (lock) {
            if (timed || telling > 0 || waiting.isEmpty() || inFlight == maxInFlight) {
                return; // Whoever ends the timer, the telling or a commit looks again.
            }
            wait = Math.min(nextNanos - now(), MAX_WINDOW_NANOS); // The clock may have been set back.
            timed = wait > 0;
        }
        if (wait > 0) {
            scheduler.schedule(this::windowEnded, wait, TimeUnit.NANOSECONDS);
        } else {
            commitNext();
        }
    }

    private void windowEnded() {
        synchronized (lock) {
            timed = false;
        }
        commitNext();
    }

    private void commitNext() {
        List<Submitted> group = take();
        if (!group.isEmpty()) {
            long began = now();
            commit.apply(group.stream().map(Submitted::append).toList())
                    .subscribe(outcomes -> tell(group, began, outcomes), error -> fail(group, began, error));
            commitInTime(); // What did not fit into the group.
        }
    }

    /** The first ones of each thread: of two in one group, only one can stand at the thread's head. */
    private List<Submitted> take() {
        synchronized (lock) {
            if (waiting.isEmpty() || inFlight == maxInFlight) {
                return List.of();
            }
            inFlight++;
            nextNanos = now() + Math.max(windowNanos, Math.min(lastTookNanos, MAX_WINDOW_NANOS));
            var group = new LinkedHashMap<ThreadId, Submitted>();
            var rest = new ArrayList<Submitted>();
            for (Submitted submitted : waiting) {
                if (group.size() == maxAppends || group.putIfAbsent(submitted.thread(), submitted) != null) {
                    rest.add(submitted);
                }
            }
            waiting = rest;
            return List.copyOf(group.values());
        }
    }

    /** What lanes append at once in answer goes together. */
    private void tell(List<Submitted> group, long began, List<AppendOutcome> outcomes) {
        ended(began);
        try {
            for (int i = 0; i < group.size(); i++) {
                group.get(i).outcome().emitValue(outcomes.get(i), Sinks.EmitFailureHandler.FAIL_FAST);
            }
        } finally {
            told(); // Whoever throws must not stop all others for ever.
        }
    }

    private void fail(List<Submitted> group, long began, Throwable error) {
        LOG.error("A group of {} appends failed", group.size(), error);
        ended(began);
        try {
            group.forEach(submitted -> submitted.outcome().emitError(error, Sinks.EmitFailureHandler.FAIL_FAST));
        } finally {
            told();
        }
    }

    private void ended(long began) {
        synchronized (lock) {
            inFlight--;
            telling++;
            lastTookNanos = now() - began;
        }
    }

    private void told() {
        synchronized (lock) {
            telling--;
        }
        commitInTime();
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }
}
