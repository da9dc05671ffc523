package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.ThreadEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Changes of the thread on their way to the log. Withdrawn turns are logged behind the last event of their runs, so they
 * wait for these. Touched only by the lane's tasks.
 */
final class Withdrawals {
    private final LaneRuns runs;
    private final Consumer<InboxEntry.ThreadChanged> write;
    private final List<InboxEntry.ThreadChanged> waiting = new ArrayList<>();

    Withdrawals(LaneRuns runs, Consumer<InboxEntry.ThreadChanged> write) {
        this.runs = runs;
        this.write = write;
    }

    void take(InboxEntry.ThreadChanged changed) {
        waiting.add(changed);
        writeReady();
    }

    /** To be told when a run has ended. */
    void writeReady() {
        List<InboxEntry.ThreadChanged> ready =
                waiting.stream().filter(this::isReady).toList();
        waiting.removeAll(ready);
        ready.forEach(write);
    }

    private boolean isReady(InboxEntry.ThreadChanged changed) {
        return switch (changed.event()) {
            case ThreadEvent.TurnsWithdrawn withdrawn ->
                withdrawn.turns().stream().noneMatch(runs::hasTurn);
            case ThreadEvent.OfRun _,
                    ThreadEvent.ItemAdded _,
                    ThreadEvent.ItemDeleted _,
                    ThreadEvent.OwnerChanged _,
                    ThreadEvent.TurnsImported _ -> true;
        };
    }
}
