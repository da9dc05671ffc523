package dev.heddle.streaming.log;

import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import java.time.Instant;

/**
 * An event in its place in the thread's log.
 *
 * @param seq 1, 2, 3 … without gaps in the thread
 * @param turn the turn it belongs to; 0 for events of the thread itself
 * @param at when it was numbered, to the millisecond
 */
public record LoggedEvent(long seq, long turn, Instant at, ThreadEvent event) implements Followed {

    /** The place inside the turn: the run's own count, or 0 for the single event of a message turn. */
    public long runSeq() {
        return event instanceof ThreadEvent.OfRun ofRun ? ofRun.runSeq() : 0;
    }

    public boolean isOf(RunId run) {
        return event instanceof ThreadEvent.OfRun ofRun && ofRun.run().equals(run);
    }

    /** Whether nothing more will be logged for this event's run. */
    public boolean endsRun() {
        return event instanceof ThreadEvent.OfRun ofRun && ofRun.event() instanceof RunEvent.Terminal;
    }

    /** Whether nothing more will be logged for this event's turn: a message turn has one event only. */
    public boolean endsTurn() {
        return event instanceof ThreadEvent.ItemAdded || endsRun();
    }
}
