package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.RunKey;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;

/** A run as its lane holds it. Touched only by the lane's tasks. */
final class LaneRun {
    /** Where the run stands in this lane; moves only downwards. */
    enum Phase {
        QUEUED,
        WORKING,
        /** Its end was decided; whatever its work still says is dropped. */
        ENDING
    }

    private final RunKey key;
    private final Strategy strategy;
    private final Sinks.Empty<Void> abort = Sinks.empty();
    private Phase phase = Phase.QUEUED;
    private Disposable expiry = Disposables.disposed();
    private long nextRunSeq;

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

    void working(Disposable untilExpiry) {
        phase = Phase.WORKING;
        expiry = untilExpiry;
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
}
