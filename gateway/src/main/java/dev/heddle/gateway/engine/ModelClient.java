package dev.heddle.gateway.engine;

import reactor.core.publisher.Flux;

/** Talks to models. */
public interface ModelClient {
    /**
     * What the model answers, as it comes: reasoning (where the call wants it), texts
     * and function calls, then exactly one {@code Used} (zero when the server
     * does not count) and exactly one {@code Finished}, then completion. An answer that does not reach its proper end is
     * an error, a {@code ProblemException} of {@code ModelFailed}, after the pieces that came before. Demand reaches the
     * model's socket; cancelling closes it.
     */
    Flux<ModelEvent> events(ModelCall call);

    /** Whether there may be a model of this name; where that is not so for sure, only a call tells. */
    default boolean mayServe(String model) {
        return true;
    }
}
