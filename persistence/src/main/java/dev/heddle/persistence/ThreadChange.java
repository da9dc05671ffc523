package dev.heddle.persistence;

import dev.heddle.streaming.lane.Strategy;
import java.util.Map;
import java.util.Optional;

/**
 * What a client changes about a thread; what is empty stays as it is.
 *
 * @param metadata replaces them as a whole
 * @param strategy replaces the default of its runs
 */
public record ThreadChange(Optional<Map<String, Object>> metadata, Optional<Default> strategy) {
    /** The strategy of runs that do not say; empty for none. */
    public record Default(Optional<Strategy> value) {}

    /** Whether nothing changes. */
    public boolean isEmpty() {
        return metadata.isEmpty() && strategy.isEmpty();
    }
}
