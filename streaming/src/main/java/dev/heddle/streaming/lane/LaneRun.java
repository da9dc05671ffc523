package dev.heddle.streaming.lane;

import dev.heddle.streaming.lane.ActiveRun.Begun;
import dev.heddle.streaming.run.RunKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;

/** A run as its lane holds it. Touched only by the lane's tasks. */
final class LaneRun {
    /** Where the run stands in this lane. Moves downwards, but from a pause back to the queue. */
    enum Phase {
        QUEUED,
        WORKING,
        /** It waits for its client to bring the outputs of function calls. */
        PAUSED,
        /** Its end was decided; whatever its work still says is dropped. */
        ENDING
    }

    private final RunKey key;
    private final Strategy strategy;
    private final Sinks.Empty<Void> abort = Sinks.empty();
    private Phase phase = Phase.QUEUED;
    private @Nullable Begun begun;
    private Disposable expiry = Disposables.disposed();
    private long nextRunSeq;
    private int unstored;
    private int refusals;
    private Runnable whenDrained = () -> {};

    LaneRun(RunKey key, Strategy strategy, long nextRunSeq) {
        this.key = key;
        this.strategy = strategy;
        this.nextRunSeq = nextRunSeq;
    }

    RunKey key() {
        return key;
    }

    Strategy strategy() {
        return strategy;
    }

    Phase phase() {
        return phase;
    }

    long nextRunSeq() {
        return nextRunSeq;
    }

    Sinks.Empty<Void> abort() {
        return abort;
    }

    /** When it started first; empty as long as it has not. */
    Optional<Begun> begun() {
        return Optional.ofNullable(begun);
    }

    void begun(Begun start) {
        begun = start;
    }

    /** From its start to its end the same time runs out, also while it is paused. */
    void expiring(Disposable untilExpiry) {
        expiry = untilExpiry;
    }

    void working() {
        phase = Phase.WORKING;
    }

    void paused() {
        phase = Phase.PAUSED;
    }

    /** What it waited for is there: it waits for a place to go on. */
    void resumable() {
        phase = Phase.QUEUED;
    }

    /** Lets nothing more in, and cancels the work if there is any. */
    void ending() {
        phase = Phase.ENDING;
        expiry.dispose();
        abort.tryEmitEmpty(); // A second end finds it ended: nothing to do.
    }

    void nextRunSeq(long next) {
        nextRunSeq = next;
    }

    /** One more of its events waits to be stored. */
    void added() {
        unstored++;
    }

    /** Its oldest waiting event is stored, under the next number. */
    void stored() {
        nextRunSeq++;
        dropped(1);
    }

    /** So many of its waiting events will never be stored. */
    void dropped(int events) {
        unstored -= events;
        drain();
    }

    /** Acts once, when none of its events waits any more; at once when none does. */
    void whenDrained(Runnable action) {
        whenDrained = action;
        drain();
    }

    /** How often the log has refused its events. */
    int refusals() {
        return refusals;
    }

    /** Counts one more refusal; answers how many so far. */
    int countRefusal() {
        return ++refusals;
    }

    private void drain() {
        if (unstored == 0) {
            Runnable action = whenDrained;
            whenDrained = () -> {};
            action.run();
        }
    }
}
