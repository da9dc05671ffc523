package dev.heddle.streaming.run;

import org.jspecify.annotations.Nullable;

/**
 * What a run sets for its model calls; stored as JSON with the run, and passed on only where given.
 *
 * @param maxCompletionTokens over all model calls of a run
 * @param responseFormat the JSON object that chat completions have for it
 */
public record ModelOptions(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer maxCompletionTokens,
        @Nullable String reasoningEffort,
        @Nullable String responseFormat,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable String verbosity) {
    /** Nothing set: the model's own defaults. */
    public static final ModelOptions DEFAULTS = new ModelOptions(null, null, null, null, null);

    public ModelOptions(
            @Nullable Double temperature,
            @Nullable Double topP,
            @Nullable Integer maxCompletionTokens,
            @Nullable String reasoningEffort,
            @Nullable String responseFormat) {
        this(temperature, topP, maxCompletionTokens, reasoningEffort, responseFormat, null, null, null);
    }

    /** The same but for this limit. */
    public ModelOptions withMaxCompletionTokens(int max) {
        return new ModelOptions(
                temperature, topP, max, reasoningEffort, responseFormat, presencePenalty, frequencyPenalty, verbosity);
    }
}
