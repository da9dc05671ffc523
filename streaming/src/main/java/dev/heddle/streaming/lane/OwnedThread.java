package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.NodeId;
import java.util.List;

/**
 * A thread as its owner finds it.
 *
 * @param claimed whether this very call took it over, so that the change of owner must be logged first
 * @param head the number of the newest event
 * @param runs the active runs that the log knows of, by turn
 */
public record OwnedThread(NodeId node, long epoch, boolean claimed, long head, List<ActiveRun> runs) {
    public OwnedThread {
        runs = List.copyOf(runs);
    }
}
