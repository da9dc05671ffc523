package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Doorbell;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Follows a whole thread: all its runs and messages, in one of two orders. Neither ever completes by itself. */
public final class ThreadFeed {
    private final EventLog log;
    private final Doorbell doorbell;

    public ThreadFeed(EventLog log, Doorbell doorbell) {
        this.log = log;
        this.doorbell = doorbell;
    }

    /**
     * The log itself: every event with {@code seq > after}, once, in order. Every follower sees one identical sequence.
     * Events that are no longer kept are told by a {@link Gap} of thread numbers.
     */
    public Flux<Followed> inArrivalOrder(ThreadKey thread, long after) {
        return Flux.defer(() -> new ArrivalPager(thread, after).follow(doorbell, thread.id()));
    }

    /**
     * Turn by turn: the events of a later turn come after the last one of the earlier turn. Continues behind the cursor.
     * Events of the thread itself, which have no turn, are left out.
     */
    public Flux<Followed> inTurnOrder(ThreadKey thread, Cursor after) {
        return Flux.defer(() -> new TurnPager(log, thread, after).follow(doorbell, thread.id()));
    }

    /**
     * What comes next in arrival order, {@code limit} at most; an empty list while there is nothing. For a reader that
     * takes so much at a time: nothing is read ahead for it. A {@link Gap} counts as one.
     */
    public Mono<List<Followed>> page(ThreadKey thread, long after, int limit) {
        return log.readThread(thread, after, limit)
                .flatMap(events ->
                        events.isEmpty() ? forgotten(thread, after, limit) : Mono.just(withGap(after, limit, events)));
    }

    /** Where a reader in arrival order stands behind this. */
    public static long seqOf(Followed followed) {
        return switch (followed) {
            case LoggedEvent event -> event.seq();
            case Gap gap -> gap.to();
        };
    }

    /** Nothing to read: either nothing is new, or all that was new is no longer kept. */
    private Mono<List<Followed>> forgotten(ThreadKey thread, long after, int limit) {
        return log.head(thread)
                .flatMap(
                        head -> head <= after ? Mono.just(List.of()) : appendedOrForgotten(thread, after, limit, head));
    }

    /** The head may have moved since the page was read: only what cannot be read now is no longer kept. */
    private Mono<List<Followed>> appendedOrForgotten(ThreadKey thread, long after, int limit, long head) {
        return log.readThread(thread, after, limit)
                .map(events -> events.isEmpty() ? List.of(new Gap(after + 1, head)) : withGap(after, limit, events));
    }

    private static List<Followed> withGap(long after, int limit, List<LoggedEvent> events) {
        long first = events.getFirst().seq();
        if (first == after + 1) {
            return List.copyOf(events);
        }
        var followed = new ArrayList<Followed>(events.size() + 1);
        followed.add(new Gap(after + 1, first - 1));
        followed.addAll(events);
        return followed.subList(0, Math.min(limit, followed.size()));
    }

    private final class ArrivalPager implements Pager {
        private final ThreadKey thread;
        private long after;

        ArrivalPager(ThreadKey thread, long after) {
            this.thread = thread;
            this.after = after;
        }

        @Override
        public Mono<List<Followed>> next() {
            return page(thread, after, PAGE_SIZE).doOnNext(this::moveBehind);
        }

        /** Nothing new is no page: all that was new may be no longer kept. */
        @Override
        public @Nullable List<Followed> atHand() {
            var events = log.atHandOfThread(thread, after, PAGE_SIZE);
            if (events == null || events.isEmpty()) {
                return null;
            }
            var page = withGap(after, PAGE_SIZE, events);
            moveBehind(page);
            return page;
        }

        private void moveBehind(List<Followed> page) {
            after = page.isEmpty() ? after : seqOf(page.getLast());
        }
    }
}
