package dev.heddle.persistence;

import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.RunKey;
import reactor.core.publisher.Mono;

/**
 * The effect ledger: what is known of each call that this server makes to a tool. A call is noted before it is made and
 * when its outcome is known, so that after a crash nobody has to guess.
 */
public interface ToolCalls {
    /** Notes that the call is about to be made, and tells what was known of it before. */
    Mono<Known> begin(RunKey run, CallId call, String tool);

    /** Notes what came of a call that was begun. The first word on it stays. */
    Mono<Void> end(RunKey run, CallId call, String output);

    /** What the ledger says of a call. */
    sealed interface Known {
        /** It was never made. */
        record New() implements Known {}

        /** It may have been made, and its outcome is not known. */
        record Begun() implements Known {}

        record Ended(String output) implements Known {}
    }
}
