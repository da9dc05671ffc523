package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Doorbell;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
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

    private final class ArrivalPager implements Pager {
        private final ThreadKey thread;
        private long after;

        ArrivalPager(ThreadKey thread, long after) {
            this.thread = thread;
            this.after = after;
        }

        @Override
        public Mono<List<Followed>> next() {
            return log.readThread(thread, after, PAGE_SIZE)
                    .flatMap(events -> events.isEmpty() ? forgotten() : Mono.just(withGap(events)));
        }

        private List<Followed> withGap(List<LoggedEvent> events) {
            var followed = new ArrayList<Followed>(events.size() + 1);
            if (events.getFirst().seq() > after + 1) {
                followed.add(new Gap(after + 1, events.getFirst().seq() - 1));
            }
            followed.addAll(events);
            after = events.getLast().seq();
            return followed;
        }

        /** Nothing to read: either nothing is new, or all that was new is no longer kept. */
        private Mono<List<Followed>> forgotten() {
            return log.head(thread).flatMap(head -> head <= after ? Mono.just(List.of()) : appendedOrForgotten(head));
        }

        /** The head may have moved since the page was read: only what cannot be read now is no longer kept. */
        private Mono<List<Followed>> appendedOrForgotten(long head) {
            return log.readThread(thread, after, PAGE_SIZE)
                    .map(events -> events.isEmpty() ? gapUpTo(head) : withGap(events));
        }

        private List<Followed> gapUpTo(long head) {
            var gap = new Gap(after + 1, head);
            after = head;
            return List.of(gap);
        }
    }
}
