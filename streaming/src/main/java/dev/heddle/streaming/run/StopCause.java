package dev.heddle.streaming.run;

/** Why a run is asked to stop before its model has finished. */
public enum StopCause {
    /** Its client cancelled it, or deleted its thread. */
    CLIENT,
    /** A later run of the thread interrupted it. */
    LATER_RUN,
    /** Its time ran out. */
    EXPIRY;

    /** The event that ends a run stopped for this cause. */
    public RunEvent.Terminal ending(Usage usage) {
        return this == EXPIRY ? new RunEvent.Expired(usage) : new RunEvent.Cancelled(this, usage);
    }
}
