package dev.heddle.streaming.log;

/** How an {@link Append} ended. Only {@link Stored} left a trace. */
public sealed interface AppendOutcome {
    /** Committed, together with every row the events change. */
    record Stored() implements AppendOutcome {}

    /** Others have appended before the owner's epoch began; number again from here. */
    record Moved(long head) implements AppendOutcome {}

    /** The thread has another owner now; the writer must stop. */
    record Fenced() implements AppendOutcome {}

    /** The data itself cannot be stored, now or later: a value out of bounds, or a run that is gone. */
    record Refused(String reason) implements AppendOutcome {}
}
