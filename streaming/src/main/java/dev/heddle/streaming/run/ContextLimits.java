package dev.heddle.streaming.run;

import org.jspecify.annotations.Nullable;

/**
 * How much of its thread a run shows to its model.
 *
 * @param maxPromptTokens a budget over all model calls of the run; null for none
 * @param lastMessages only so many of the newest messages; null for as many as the model takes
 * @param wholeOrFailed whether a run fails rather than leave out what its model has no room for
 */
public record ContextLimits(
        @Nullable Integer maxPromptTokens, @Nullable Integer lastMessages, boolean wholeOrFailed) {
    public static final ContextLimits NONE = new ContextLimits(null, null);

    public ContextLimits(@Nullable Integer maxPromptTokens, @Nullable Integer lastMessages) {
        this(maxPromptTokens, lastMessages, false);
    }
}
