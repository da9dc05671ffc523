package dev.heddle.gateway.protocol.assistants;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times as this protocol has them: whole Unix seconds, or null. */
final class Seconds {
    private Seconds() {}

    static @Nullable Long orNull(Optional<Instant> time) {
        return time.map(Instant::getEpochSecond).orElse(null);
    }

    /** The time, when the condition holds. */
    static @Nullable Long when(boolean condition, Optional<Instant> time) {
        return condition ? orNull(time) : null;
    }
}
