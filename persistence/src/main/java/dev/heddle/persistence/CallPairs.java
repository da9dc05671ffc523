package dev.heddle.persistence;

import dev.heddle.streaming.run.CallId;
import java.util.List;
import java.util.Set;

/**
 * The function calls of a transcript.
 *
 * @param made all of them
 * @param unanswered those that have no output, in their order
 */
public record CallPairs(Set<CallId> made, List<CallId> unanswered) {
    public static final CallPairs NONE = new CallPairs(Set.of(), List.of());

    public CallPairs {
        made = Set.copyOf(made);
        unanswered = List.copyOf(unanswered);
    }
}
