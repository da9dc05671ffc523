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
 * Gathers the appends of all lanes of this instance for a moment and commits them together. While as many commits as
 * allowed are on their way, appends wait: the slower the database, the larger the groups. Bounded by the lanes, each of
 * which has one append here at a time.
 */
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final Function<List<Append>, Mono<List<AppendOutcome>>> commit;
    private final Scheduler scheduler;
    private final Duration window;
    private final int maxInFlight;
    private final int maxAppends;
    private final Object lock = new Object();
    private List<Submitted> waiting = new ArrayList<>();
    private boolean timed;
    private int inFlight;

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
        this.window = window;
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
        boolean schedule;
        synchronized (lock) {
            waiting.add(submitted);
            schedule = !timed && inFlight < maxInFlight;
            timed |= schedule;
        }
        if (schedule) {
            scheduler.schedule(this::windowEnded, window.toNanos(), TimeUnit.NANOSECONDS);
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
            commit.apply(group.stream().map(Submitted::append).toList())
                    .subscribe(outcomes -> tell(group, outcomes), error -> fail(group, error));
        }
    }

    /** The first ones of each thread: of two in one group, only one can stand at the thread's head. */
    private List<Submitted> take() {
        synchronized (lock) {
            if (waiting.isEmpty() || inFlight == maxInFlight) {
                return List.of();
            }
            inFlight++;
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

    private void tell(List<Submitted> group, List<AppendOutcome> outcomes) {
        ended();
        for (int i = 0; i < group.size(); i++) {
            group.get(i).outcome().emitValue(outcomes.get(i), Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    private void fail(List<Submitted> group, Throwable error) {
        LOG.error("A group of {} appends failed", group.size(), error);
        ended();
        group.forEach(submitted -> submitted.outcome().emitError(error, Sinks.EmitFailureHandler.FAIL_FAST));
    }

    private void ended() {
        synchronized (lock) {
            inFlight--;
        }
        commitNext();
    }
}
