package dev.heddle.gateway.engine;

import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Adds messages as soon as their threads are idle: tries at once, whenever a run has ended, and once more at the timeout.
 * Admission decides each time under its lock, so a message is added once or not at all; several that wait for one thread
 * come in any order. Cancelling a wait leaves nothing behind.
 */
public final class MessageWait {
    private final Runs runs;
    private final EventLog log;
    private final ThreadFeed feed;
    private final Clock clock;
    private final Scheduler scheduler;

    public MessageWait(Runs runs, EventLog log, ThreadFeed feed, Clock clock, Scheduler scheduler) {
        this.runs = runs;
        this.log = log;
        this.feed = feed;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /**
     * What the first try brings that is not refused with {@code MessageWhileActive}; a {@code StillBusy} problem when the
     * thread did not fall idle in time.
     */
    Mono<StoredItem> add(ThreadKey thread, Duration timeout, Supplier<Mono<StoredItem>> tries) {
        return log.head(thread)
                .flatMapMany(head -> occasions(thread, head, timeout))
                .concatMap(_ -> tryToAdd(tries), 1)
                .next()
                .switchIfEmpty(stillBusy(thread));
    }

    /**
     * When to try. The log is read from where it ended before the first try, so no end of a run goes unseen. The timeout
     * ends the occasions and not the tries: one that is on its way may have stored the message already.
     */
    private Flux<Occasion> occasions(ThreadKey thread, long head, Duration timeout) {
        Flux<Occasion> ends = feed.inArrivalOrder(thread, head)
                .filter(MessageWait::endsRun)
                .map(_ -> Occasion.RUN_ENDED)
                .takeUntilOther(Mono.delay(timeout, scheduler));
        return Flux.concat(Flux.just(Occasion.FIRST), ends, Flux.just(Occasion.TIMEOUT))
                .onBackpressureLatest();
    }

    private enum Occasion {
        FIRST,
        RUN_ENDED,
        TIMEOUT
    }

    /** An event that is no longer kept may have been one. */
    private static boolean endsRun(Followed followed) {
        return !(followed instanceof LoggedEvent event) || event.endsRun();
    }

    private static Mono<StoredItem> tryToAdd(Supplier<Mono<StoredItem>> tries) {
        return tries.get().onErrorResume(MessageWait::isBusy, _ -> Mono.empty());
    }

    private static boolean isBusy(Throwable error) {
        return error instanceof ProblemException known && known.problem() instanceof Problem.MessageWhileActive;
    }

    private Mono<StoredItem> stillBusy(ThreadKey thread) {
        return runs.active(thread)
                .map(active -> new Problem.StillBusy(thread.id(), told(active)))
                .flatMap(problem -> Mono.error(new ProblemException(problem)));
    }

    private List<Problem.StillBusy.ActiveRun> told(List<StoredRun> active) {
        Instant now = clock.instant();
        return active.stream().map(run -> told(run, now)).toList();
    }

    /** Runs are dated by the database's clock, which may be ahead. */
    private static Problem.StillBusy.ActiveRun told(StoredRun run, Instant now) {
        Duration age = Duration.between(run.createdAt(), now);
        return new Problem.StillBusy.ActiveRun(
                run.key().id(),
                run.spec().assistant(),
                run.status(),
                run.createdAt(),
                age.isNegative() ? Duration.ZERO : age);
    }
}
