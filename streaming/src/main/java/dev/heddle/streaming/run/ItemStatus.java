package dev.heddle.streaming.run;

import java.util.Optional;

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

    /** What becomes of an item when the model ends its answer for this reason. */
    public static ItemStatus cutFor(IncompleteReason reason) {
        return reason == IncompleteReason.CONTENT_FILTER ? CONTENT_FILTER : MAX_TOKENS;
    }

    /** Why the model ended its answer before this item was whole; empty when it did not, or something else cut it. */
    public Optional<IncompleteReason> incompleteReason() {
        return switch (this) {
            case MAX_TOKENS -> Optional.of(IncompleteReason.MAX_COMPLETION_TOKENS);
            case CONTENT_FILTER -> Optional.of(IncompleteReason.CONTENT_FILTER);
            case IN_PROGRESS, COMPLETED, RUN_CANCELLED, RUN_EXPIRED, RUN_FAILED -> Optional.empty();
        };
    }

    /** What becomes of an item that is open when its run ends. */
    public static ItemStatus cutBy(RunEvent.Terminal terminal) {
        return switch (terminal) {
            case RunEvent.Completed _ -> COMPLETED;
            case RunEvent.Incomplete incomplete -> cutFor(incomplete.reason());
            case RunEvent.Failed _ -> RUN_FAILED;
            case RunEvent.Cancelled _ -> RUN_CANCELLED;
            case RunEvent.Expired _ -> RUN_EXPIRED;
        };
    }
}
