package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.NodeId;

/**
 * A thread as its owner finds it.
 *
 * @param claimed whether this very call took it over, so that the change of owner must be logged before anything else
 * @param head the number of the newest event
 */
public record OwnedThread(NodeId node, long epoch, boolean claimed, long head) {
    private static final long FIRST_EPOCH = 1;

    /** As the node finds it that creates it as its own. */
    public static OwnedThread created(NodeId node) {
        return new OwnedThread(node, FIRST_EPOCH, true, 0);
    }

    /** Whether it never had an owner before, so that nothing of it can stand in the log, or on its way there. */
    boolean isUntouched() {
        return epoch == FIRST_EPOCH && head == 0;
    }
}
