package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Doorbell;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.RunKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Follows one run. */
public final class RunFeed {
    private final EventLog log;
    private final Doorbell doorbell;

    public RunFeed(EventLog log, Doorbell doorbell) {
        this.log = log;
        this.doorbell = doorbell;
    }

    /**
     * Every event of the run with {@code runSeq > after}, once, in order; completes after the terminal one. Events that
     * are no longer kept are told by one {@link Gap} of run numbers. Works the same before, during and after the run.
     */
    public Flux<Followed> follow(RunKey run, long after) {
        return Flux.defer(() -> after < 0 ? rest(run, after) : restBehind(run, after));
    }

    /** A reader that comes back may have seen the end already, or so long ago that nothing of the run is kept. */
    private Flux<Followed> restBehind(RunKey run, long after) {
        return log.readTurn(run.thread(), run.turn(), after - 1, 1)
                .filter(events -> events.stream().anyMatch(event -> event.runSeq() > after || !event.endsRun()))
                .flatMapMany(_ -> rest(run, after));
    }

    private Flux<Followed> rest(RunKey run, long after) {
        return new RunPager(run, after)
                .follow(doorbell, run.thread().id())
                .takeUntil(followed -> followed instanceof LoggedEvent event && event.endsRun());
    }

    private final class RunPager implements Pager {
        private final RunKey run;
        private long after;

        RunPager(RunKey run, long after) {
            this.run = run;
            this.after = after;
        }

        @Override
        public Mono<List<Followed>> next() {
            return log.readTurn(run.thread(), run.turn(), after, PAGE_SIZE).map(this::withGap);
        }

        @Override
        public @Nullable List<Followed> atHand() {
            var events = log.atHandOfTurn(run.thread(), run.turn(), after, PAGE_SIZE);
            return events == null ? null : withGap(events);
        }

        private List<Followed> withGap(List<LoggedEvent> events) {
            if (events.isEmpty()) {
                return List.of();
            }
            long expected = after + 1;
            long first = events.getFirst().runSeq();
            after = events.getLast().runSeq();
            return first == expected ? List.copyOf(events) : behind(new Gap(expected, first - 1), events);
        }

        private static List<Followed> behind(Gap gap, List<LoggedEvent> events) {
            var followed = new ArrayList<Followed>(events.size() + 1);
            followed.add(gap);
            followed.addAll(events);
            return followed;
        }
    }
}
