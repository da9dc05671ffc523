package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.Usage;

/** A piece of a model's answer. */
public sealed interface ModelEvent {
    /** More text; never empty and free of U+0000. */
    record Text(String text) implements ModelEvent {}

    /** What the call cost. */
    record Used(Usage usage) implements ModelEvent {}

    /** The answer is whole, or was cut short for the given reason. */
    record Finished(FinishReason reason) implements ModelEvent {}

    enum FinishReason {
        STOP,
        MAX_TOKENS,
        CONTENT_FILTER
    }
}
