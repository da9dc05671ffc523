package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.NodeId;

/**
 * A thread as its owner finds it.
 *
 * @param claimed whether this very call took it over, so that the change of owner must be logged before anything else
 * @param head the number of the newest event
 */
public record OwnedThread(NodeId node, long epoch, boolean claimed, long head) {
    /** Whether nobody has owned it before: its log is empty, knows of no runs, and nobody else has an append on its way. */
    boolean isFirst() {
        return claimed && epoch == 1;
    }
}
