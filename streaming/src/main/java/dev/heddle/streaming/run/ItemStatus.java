package dev.heddle.streaming.run;

/** How far an item has come. One that was cut short keeps what was said, names the cause, and never changes again. */
public enum ItemStatus {
    IN_PROGRESS,
    COMPLETED,
    MAX_TOKENS,
    CONTENT_FILTER,
    RUN_CANCELLED,
    RUN_EXPIRED,
    RUN_FAILED;

    /** Whether the item ended before it was whole. */
    public boolean isIncomplete() {
        return this != IN_PROGRESS && this != COMPLETED;
    }

    /** What becomes of an item that is open when its run ends. */
    public static ItemStatus cutBy(RunEvent.Terminal terminal) {
        return switch (terminal) {
            case RunEvent.Completed _ -> COMPLETED;
            case RunEvent.Incomplete incomplete ->
                incomplete.reason() == IncompleteReason.CONTENT_FILTER ? CONTENT_FILTER : MAX_TOKENS;
            case RunEvent.Failed _ -> RUN_FAILED;
            case RunEvent.Cancelled _ -> RUN_CANCELLED;
            case RunEvent.Expired _ -> RUN_EXPIRED;
        };
    }
}
