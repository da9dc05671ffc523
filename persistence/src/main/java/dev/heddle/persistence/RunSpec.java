package dev.heddle.persistence;

import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.ToolUse;
import org.jspecify.annotations.Nullable;

/** What a run does, frozen when it is admitted: later changes of its assistant do not reach it. Stored as JSON. */
public record RunSpec(
        @Nullable AssistantId assistant,
        String model,
        String instructions,
        ModelOptions options,
        ToolUse toolUse,
        ContextLimits limits) {
    /** A run without tools and limits. */
    public static RunSpec of(@Nullable AssistantId assistant, String model, String instructions, ModelOptions options) {
        return new RunSpec(assistant, model, instructions, options, ToolUse.NONE, ContextLimits.NONE);
    }
}
