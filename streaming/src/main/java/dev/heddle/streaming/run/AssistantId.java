package dev.heddle.streaming.run;

import java.util.UUID;

/** A stored assistant: model, instructions and defaults that a run takes a frozen copy of. */
public record AssistantId(UUID value) {
    /** A new id; ids made later sort later, to the millisecond. */
    public static AssistantId fresh() {
        return new AssistantId(TimeOrderedUuid.next());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
