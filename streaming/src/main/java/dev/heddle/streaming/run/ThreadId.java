package dev.heddle.streaming.run;

import java.util.UUID;

/** A thread. Each facade spells it its own way: {@code thread_…}, {@code conv_…} or a plain UUID. */
public record ThreadId(UUID value) {
    /** A new id; ids made later sort later, to the millisecond. */
    public static ThreadId fresh() {
        return new ThreadId(TimeOrderedUuid.next());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
