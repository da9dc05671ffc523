package dev.heddle.gateway.tool;

import java.util.Optional;

/** What came of one attempt to call a tool. */
sealed interface Outcome {
    /** In words for the model. */
    String output();

    /** The tool has answered, or another attempt would come to no more. */
    record Final(String output) implements Outcome {}

    /**
     * A failure that may pass.
     *
     * @param retryAfter the header of this name, where the tool sent one
     */
    record Passing(String output, Optional<String> retryAfter) implements Outcome {}
}
