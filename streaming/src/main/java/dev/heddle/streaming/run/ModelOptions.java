package dev.heddle.streaming.run;

import org.jspecify.annotations.Nullable;

/**
 * What a run sets for its model calls; stored as JSON with the run, and passed on only where given.
 *
 * @param maxCompletionTokens over all model calls of a run
 * @param responseFormat the protocol's own JSON object, unchanged
 */
public record ModelOptions(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer maxCompletionTokens,
        @Nullable String reasoningEffort,
        @Nullable String responseFormat) {
    /** Nothing set: the model's own defaults. */
    public static final ModelOptions DEFAULTS = new ModelOptions(null, null, null, null, null);

    /** The same but for this limit. */
    public ModelOptions withMaxCompletionTokens(int max) {
        return new ModelOptions(temperature, topP, max, reasoningEffort, responseFormat);
    }
}
