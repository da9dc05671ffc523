package dev.heddle.streaming.run;

import org.jspecify.annotations.Nullable;

/**
 * How much of its thread a run shows to its model.
 *
 * @param maxPromptTokens a budget over all model calls of the run; null for none
 * @param lastMessages only so many of the newest messages; null for as many as the model takes
 * @param whole whether nothing may be left out: the model's server is to say whether it is too much
 */
public record ContextLimits(
        @Nullable Integer maxPromptTokens, @Nullable Integer lastMessages, boolean whole) {
    public static final ContextLimits NONE = new ContextLimits(null, null);

    public ContextLimits(@Nullable Integer maxPromptTokens, @Nullable Integer lastMessages) {
        this(maxPromptTokens, lastMessages, false);
    }
}
