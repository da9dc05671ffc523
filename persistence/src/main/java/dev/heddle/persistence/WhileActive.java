package dev.heddle.persistence;

/** Whether a message may be added while runs of its thread are active. */
public enum WhileActive {
    ALLOW,
    /** A {@code MessageWhileActive} problem instead. */
    REJECT
}
