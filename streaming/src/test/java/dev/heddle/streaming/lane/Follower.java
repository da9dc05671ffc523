package dev.heddle.streaming.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.feed.Cursor;
import dev.heddle.streaming.feed.Reader;
import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.RunKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;

/** A reader that may be cut off and come back, on another instance too, with the last event it has seen. */
final class Follower {
    private final List<Followed> seen = new ArrayList<>();
    private final Function<LaneRig, Flux<Followed>> rest;
    private final Function<History, List<LoggedEvent>> wanted;
    private final boolean completes;
    private Reader reader;

    private Follower(
            Kind kind, Function<History, List<LoggedEvent>> wanted, boolean completes, LaneRig rig, long demand) {
        this.rest = instance -> kind.follow(instance, last());
        this.wanted = wanted;
        this.completes = completes;
        this.reader = Reader.of(rest.apply(rig), demand);
    }

    /** What a kind of reader asks for behind an event; null is its beginning. */
    private interface Kind {
        Flux<Followed> follow(LaneRig rig, LoggedEvent last);
    }

    static Follower inArrivalOrder(LaneRig rig, long demand) {
        return new Follower(
                (instance, last) -> threads(instance).inArrivalOrder(instance.thread, last == null ? 0 : last.seq()),
                History::log,
                false,
                rig,
                demand);
    }

    static Follower inTurnOrder(LaneRig rig, long demand) {
        return new Follower(
                (instance, last) -> threads(instance)
                        .inTurnOrder(
                                instance.thread, last == null ? Cursor.START : new Cursor(last.turn(), last.runSeq())),
                History::inTurnOrder,
                false,
                rig,
                demand);
    }

    static Follower ofRun(RunKey run, LaneRig rig, long demand) {
        return new Follower(
                (instance, last) ->
                        new RunFeed(instance.cache, instance.doorbell).follow(run, last == null ? -1 : last.runSeq()),
                history -> history.of(run),
                true,
                rig,
                demand);
    }

    void request(long demand) {
        reader.request(demand);
    }

    /** Is cut off, and comes back. */
    void comeBack(LaneRig rig, long demand) {
        reader.cancel();
        seen.addAll(reader.seen());
        reader = Reader.of(rest.apply(rig), demand);
    }

    /** Asks for all that is left, and has seen what it should. */
    void hasSeenAll(History history) {
        reader.request(Long.MAX_VALUE);
        boolean completed = reader.isCompleted();
        reader.cancel();
        seen.addAll(reader.seen());
        assertThat(seen).isEqualTo(wanted.apply(history));
        assertThat(completed).isEqualTo(completes);
    }

    private LoggedEvent last() {
        return seen.isEmpty() ? null : (LoggedEvent) seen.getLast();
    }

    private static ThreadFeed threads(LaneRig rig) {
        return new ThreadFeed(rig.cache, rig.doorbell);
    }
}
