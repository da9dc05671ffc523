package dev.heddle.persistence;

import java.util.Map;
import java.util.Optional;

/**
 * Which threads are wanted.
 *
 * @param metadata pairs that a thread must have, exactly and all of them, among others
 * @param status where it must stand, if that matters
 */
public record ThreadFilter(Map<String, Object> metadata, Optional<ThreadStatus> status) {
    /** Wants them all. */
    public static final ThreadFilter ALL = new ThreadFilter(Map.of(), Optional.empty());

    public ThreadFilter {
        metadata = Map.copyOf(metadata);
    }
}
