package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.OpenRun;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.StopCause;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The ends of runs that do not end by themselves: what is stored is folded, and what is open is closed. Touched only by
 * the lane's tasks.
 */
final class Endings {
    static final RunFailure INTERRUPTED =
            RunFailure.serverError("The gateway was interrupted while this run was working.");

    private static final RunFailure UNSTORABLE = RunFailure.serverError("What the model said cannot be stored.");
    private static final int MAX_REFUSALS = 2;

    private final RunFold folds;
    private final LaneReads reads;
    private final BiConsumer<LaneRun, RunEvent> add;

    /** {@code add} has an event of a run stored behind those that wait already. */
    Endings(RunFold folds, LaneReads reads, BiConsumer<LaneRun, RunEvent> add) {
        this.folds = folds;
        this.reads = reads;
        this.add = add;
    }

    /** Stops it where it stands. */
    void stop(LaneRun run, StopCause cause) {
        run.ending();
        add.accept(run, new RunEvent.StopRequested(cause));
        run.whenDrained(() -> endFromLog(run, INTERRUPTED));
    }

    /** Its work has broken off: ends it behind all that the work has said. */
    void broke(LaneRun run, RunFailure failure) {
        run.ending();
        run.whenDrained(() -> endFromLog(run, failure));
    }

    /** Its former owner had begun to end it. */
    void finish(LaneRun run) {
        run.ending();
        endFromLog(run, INTERRUPTED);
    }

    /** Its former owner was at work on it, and that cannot be continued. */
    void interrupt(LaneRun run, OpenRun open) {
        run.ending();
        end(run, open, INTERRUPTED);
    }

    /** The log has refused its events: ends it as failed; false when that cannot be stored either. */
    boolean refused(LaneRun run) {
        run.ending();
        if (run.countRefusal() > MAX_REFUSALS) {
            return false;
        }
        run.whenDrained(() -> endFromLog(run, UNSTORABLE));
        return true;
    }

    private void endFromLog(LaneRun run, RunFailure otherwise) {
        reads.ask(folds.fold(run.key()), open -> end(run, open, otherwise));
    }

    private void end(LaneRun run, OpenRun open, RunFailure otherwise) {
        run.nextRunSeq(open.size());
        List<RunEvent> ending = open.ending(otherwise);
        // What was refused once may be refused again because of the partial text: then end without it.
        List<RunEvent> bearable = run.refusals() < MAX_REFUSALS ? ending : List.of(ending.getLast());
        bearable.forEach(event -> add.accept(run, event));
    }
}
