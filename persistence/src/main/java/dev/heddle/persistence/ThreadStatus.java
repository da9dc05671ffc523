package dev.heddle.persistence;

/** Whether something happens on a thread. */
public enum ThreadStatus {
    /** None of its runs is active. */
    IDLE,
    /** It has a run that has not ended; one that was withdrawn does not count, though it may not have ended yet. */
    ACTIVE
}
