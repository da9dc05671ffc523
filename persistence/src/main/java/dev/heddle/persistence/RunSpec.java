package dev.heddle.persistence;

import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.ToolUse;
import org.jspecify.annotations.Nullable;

/**
 * What a run does, frozen when it is admitted: later changes of its assistant do not reach it. Stored as JSON.
 *
 * @param echo a JSON object of the protocol that made the run, for what it shows again of its request and nobody else
 *     needs; null where it needs none
 */
public record RunSpec(
        @Nullable AssistantId assistant,
        String model,
        String instructions,
        ModelOptions options,
        ToolUse toolUse,
        ContextLimits limits,
        Conduct conduct,
        @Nullable String echo) {
    /** A run that pauses for its client. */
    public RunSpec(
            @Nullable AssistantId assistant,
            String model,
            String instructions,
            ModelOptions options,
            ToolUse toolUse,
            ContextLimits limits) {
        this(assistant, model, instructions, options, toolUse, limits, Conduct.PAUSING, null);
    }

    /** A run without tools and limits. */
    public static RunSpec of(@Nullable AssistantId assistant, String model, String instructions, ModelOptions options) {
        return new RunSpec(assistant, model, instructions, options, ToolUse.NONE, ContextLimits.NONE);
    }
}
