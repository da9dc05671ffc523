package dev.heddle.streaming.lane;

/** What a new run does beside the active runs of its thread (double texting). */
public enum Strategy {
    /** Starts at once, beside them. */
    CONCURRENT,
    /** Is refused while any run is active; nothing is stored. */
    REJECT,
    /** Waits until every earlier run has ended. */
    ENQUEUE;

    /** Whether a run may be admitted while so many others are active. */
    public boolean admits(int activeRuns) {
        return this != REJECT || activeRuns == 0;
    }

    /** Whether an admitted run may start; {@code earlierActive} counts the active runs of earlier turns. */
    boolean mayStart(int earlierActive) {
        return this != ENQUEUE || earlierActive == 0;
    }
}
