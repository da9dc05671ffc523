package dev.heddle.streaming.lane;

/** What a new run does beside the active runs of its thread (double texting). */
public enum Strategy {
    /** Starts at once, beside them. */
    CONCURRENT,
    /** Is refused while any run is active; nothing is stored. */
    REJECT,
    /** Waits until every earlier run has ended. */
    ENQUEUE,
    /** Stops them, which keeps what they have said, and starts when they have ended. */
    INTERRUPT,
    /** Stops them and withdraws their turns, even of one that completes meanwhile, and starts when they have ended. */
    ROLLBACK;

    /** Whether a run may be admitted while so many others are active. */
    public boolean admits(int activeRuns) {
        return this != REJECT || activeRuns == 0;
    }

    /** Whether the admission of a run stops the active ones. */
    public boolean stopsOthers() {
        return switch (this) {
            case INTERRUPT, ROLLBACK -> true;
            case CONCURRENT, REJECT, ENQUEUE -> false;
        };
    }

    /** Whether an admitted run may start; {@code earlierActive} counts the active runs of earlier turns. */
    boolean mayStart(int earlierActive) {
        return switch (this) {
            case CONCURRENT, REJECT -> true;
            case ENQUEUE, INTERRUPT, ROLLBACK -> earlierActive == 0;
        };
    }
}
