package dev.heddle.streaming.run;

import java.util.UUID;

/** An item of a thread. A step that creates a message shares the message's id. */
public record ItemId(UUID value) {
    /** A new id; ids made later sort later, to the millisecond. */
    public static ItemId fresh() {
        return new ItemId(TimeOrderedUuid.next());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
