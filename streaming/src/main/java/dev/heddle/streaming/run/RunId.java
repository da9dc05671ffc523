package dev.heddle.streaming.run;

import java.util.UUID;

/** A run of a thread. */
public record RunId(UUID value) {
    /** A new id; ids made later sort later, to the millisecond. */
    public static RunId fresh() {
        return new RunId(TimeOrderedUuid.next());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
