package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;
import java.util.ArrayList;
import java.util.List;

/** The runs of a thread that have not started, in the order of their turns, and what each of them waits for. */
record Queue(List<Waiting> runs) {
    /** Why a run has not started. */
    enum Reason {
        /** The strategy lets earlier runs end first. */
        RUNS,
        /** As many runs of the thread work as may at once. */
        LIMIT,
        /** Nothing holds it: its thread's owner is about to start it. */
        STARTING
    }

    /** A run that has not started, its reason, and the runs it has to wait for. */
    record Waiting(StoredRun run, Reason reason, List<RunId> awaited) {}

    /** The queue among the active runs of a thread, given by turn, of which {@code maxRunningRuns} may work at once. */
    static Queue of(List<StoredRun> active, int maxRunningRuns) {
        var working = active.stream().filter(Queue::works).map(Queue::id).toList();
        boolean full = working.size() >= maxRunningRuns;
        var earlier = new ArrayList<RunId>();
        var waiting = new ArrayList<Waiting>();
        for (StoredRun run : active) {
            if (waits(run)) {
                waiting.add(waiting(run, List.copyOf(earlier), full ? working : List.of()));
            }
            earlier.add(id(run));
        }
        return new Queue(List.copyOf(waiting));
    }

    private static Waiting waiting(StoredRun run, List<RunId> earlier, List<RunId> working) {
        if (letsOthersEnd(run.strategy()) && !earlier.isEmpty()) {
            return new Waiting(run, Reason.RUNS, earlier);
        }
        return new Waiting(run, working.isEmpty() ? Reason.STARTING : Reason.LIMIT, working);
    }

    private static boolean letsOthersEnd(Strategy strategy) {
        return switch (strategy) {
            case ENQUEUE, INTERRUPT, ROLLBACK -> true;
            case CONCURRENT, REJECT -> false;
        };
    }

    private static boolean waits(StoredRun run) {
        return run.status() == RunStatus.QUEUED && run.startedAt().isEmpty();
    }

    /** A paused run holds no place among those that work. */
    private static boolean works(StoredRun run) {
        return switch (run.status()) {
            case IN_PROGRESS -> true;
            case CANCELLING -> run.startedAt().isPresent();
            case QUEUED, REQUIRES_ACTION, COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED -> false;
        };
    }

    private static RunId id(StoredRun run) {
        return run.key().id();
    }
}
