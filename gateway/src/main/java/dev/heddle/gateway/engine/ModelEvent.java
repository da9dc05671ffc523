package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.Usage;

/** A piece of a model's answer. */
public sealed interface ModelEvent {
    /** More text; never empty and free of U+0000. */
    record Text(String text) implements ModelEvent {}

    /** More of what the model says of its way to the answer, where that was asked for; never empty and free of U+0000. */
    record Reasoning(String piece) implements ModelEvent {}

    /** The model begins to ask for a function; the calls of an answer count from 0, in the order in which they begin. */
    record CallBegun(int call, String function) implements ModelEvent {}

    /** More of a call's arguments, which are JSON text once they are whole; never empty and free of U+0000. */
    record Arguments(int call, String piece) implements ModelEvent {}

    /** What the call cost. */
    record Used(Usage usage) implements ModelEvent {}

    /** The answer is whole, or was cut short for the given reason. */
    record Finished(FinishReason reason) implements ModelEvent {}

    enum FinishReason {
        STOP,
        /** The model waits for the outputs of the functions it asked for. */
        TOOL_CALLS,
        MAX_TOKENS,
        CONTENT_FILTER
    }
}
