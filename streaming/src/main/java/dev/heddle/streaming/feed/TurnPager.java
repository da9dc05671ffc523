package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Reads a thread turn by turn: goes on to the next turn only when the last event of this one was read. */
final class TurnPager implements Pager {
    private final EventLog log;
    private final ThreadKey thread;
    private long turn;
    private long after;
    private boolean turnEnded;
    private boolean resumed;

    TurnPager(EventLog log, ThreadKey thread, Cursor cursor) {
        this.log = log;
        this.thread = thread;
        this.turn = cursor.turn();
        this.after = cursor.runSeq();
        this.turnEnded = cursor.equals(Cursor.START);
        this.resumed = turnEnded;
    }

    @Override
    public Mono<List<Followed>> next() {
        return resume().then(Mono.defer(this::nextTurnOrPage));
    }

    /**
     * A cursor does not say whether its event was its turn's last one: look once. When neither that event nor a later
     * one is kept, the turn has ended: an active run is kept whole.
     */
    private Mono<Void> resume() {
        if (resumed) {
            return Mono.empty();
        }
        return log.readTurn(thread, turn, after - 1, 1).doOnNext(this::resumed).then();
    }

    private void resumed(List<LoggedEvent> events) {
        resumed = true;
        turnEnded = events.isEmpty()
                ? after >= 0
                : events.getFirst().runSeq() == after && events.getFirst().endsTurn();
    }

    private Mono<List<Followed>> nextTurnOrPage() {
        return turnEnded ? nextTurn() : page();
    }

    private Mono<List<Followed>> nextTurn() {
        return log.turnAfter(thread, turn)
                .doOnNext(this::beginTurn)
                .flatMap(_ -> page())
                .defaultIfEmpty(List.of());
    }

    private void beginTurn(long next) {
        turn = next;
        after = -1;
        turnEnded = false;
    }

    private Mono<List<Followed>> page() {
        return log.readTurn(thread, turn, after, PAGE_SIZE).map(this::withGap);
    }

    private List<Followed> withGap(List<LoggedEvent> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        var followed = new ArrayList<Followed>(events.size() + 1);
        if (events.getFirst().runSeq() > after + 1) {
            followed.add(new Gap(after + 1, events.getFirst().runSeq() - 1));
        }
        followed.addAll(events);
        after = events.getLast().runSeq();
        turnEnded = events.getLast().endsTurn();
        return followed;
    }
}
