package dev.heddle.streaming.run;

import java.util.UUID;

/** One process of the gateway; new at every start. */
public record NodeId(UUID value) {
    /** A new id; ids made later sort later, to the millisecond. */
    public static NodeId fresh() {
        return new NodeId(TimeOrderedUuid.next());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
