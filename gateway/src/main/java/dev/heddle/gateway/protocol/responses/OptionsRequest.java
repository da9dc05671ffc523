package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.ModelOptions;

/** Reads what a request sets for the model's work. */
final class OptionsRequest {
    private static final int MIN_OUTPUT_TOKENS = 16;

    private OptionsRequest() {}

    static ModelOptions read(JsonFields fields, TextRequest text, ReasoningRequest reasoning) {
        return new ModelOptions(
                fields.decimal("temperature", 0, 2).orElse(null),
                fields.decimal("top_p", 0, 1).orElse(null),
                fields.integer("max_output_tokens", MIN_OUTPUT_TOKENS, Integer.MAX_VALUE)
                        .orElse(null),
                reasoning.effort().orElse(null),
                text.format(),
                fields.decimal("presence_penalty", -2, 2).orElse(null),
                fields.decimal("frequency_penalty", -2, 2).orElse(null),
                text.verbosity());
    }
}
