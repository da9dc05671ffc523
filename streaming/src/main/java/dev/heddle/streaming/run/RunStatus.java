package dev.heddle.streaming.run;

/** Where a run stands. {@link #after} is the only function that moves it. */
public enum RunStatus {
    QUEUED,
    IN_PROGRESS,
    /** Paused: its client is to bring outputs of function calls. */
    REQUIRES_ACTION,
    CANCELLING,
    COMPLETED,
    INCOMPLETE,
    FAILED,
    CANCELLED,
    EXPIRED;

    /** Whether the run has ended for good. */
    public boolean isTerminal() {
        return switch (this) {
            case QUEUED, IN_PROGRESS, REQUIRES_ACTION, CANCELLING -> false;
            case COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED -> true;
        };
    }

    public boolean isActive() {
        return !isTerminal();
    }

    /**
     * The status after an event.
     *
     * @throws IllegalStateException when the event may not happen to a run in this status
     */
    public RunStatus after(RunEvent event) {
        if (!(event instanceof RunEvent.Lifecycle lifecycle)) {
            return require(this == IN_PROGRESS || this == REQUIRES_ACTION || this == CANCELLING, this, event);
        }
        return switch (lifecycle) {
            case RunEvent.Admitted _ -> require(this == QUEUED, QUEUED, event);
            case RunEvent.Started _ -> require(this == QUEUED, IN_PROGRESS, event);
            case RunEvent.ActionRequired _ -> require(this == IN_PROGRESS, REQUIRES_ACTION, event);
            case RunEvent.OutputsSubmitted _ -> require(this == REQUIRES_ACTION, QUEUED, event);
            case RunEvent.Resumed _ -> require(this == QUEUED, IN_PROGRESS, event);
            case RunEvent.StopRequested _ -> require(isActive() && this != CANCELLING, CANCELLING, event);
            case RunEvent.Completed _ -> require(this == IN_PROGRESS, COMPLETED, event);
            case RunEvent.Incomplete _ -> require(this == IN_PROGRESS, INCOMPLETE, event);
            case RunEvent.Failed _ -> require(isActive(), FAILED, event);
            case RunEvent.Cancelled _ -> require(this == CANCELLING, CANCELLED, event);
            case RunEvent.Expired _ -> require(this == CANCELLING, EXPIRED, event);
        };
    }

    private RunStatus require(boolean legal, RunStatus next, RunEvent event) {
        if (!legal) {
            throw new IllegalStateException("A run that is " + this + " cannot see " + event);
        }
        return next;
    }
}
