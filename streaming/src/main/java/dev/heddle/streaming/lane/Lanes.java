package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadKey;

/** The lanes of this instance. */
public final class Lanes {
    /** Has the thread's owner look at its inbox, and opens a lane for it when this instance may own it. Never blocks. */
    public void wake(ThreadKey thread) {
        java.util.Objects.requireNonNull(thread);
    }
}
