package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.ModelOptions;
import java.util.List;
import java.util.Optional;

/** What a request says about the model's work, of an assistant or of one run. */
record OptionsRequest(
        Optional<Double> temperature,
        Optional<Double> topP,
        Optional<Integer> maxCompletionTokens,
        Optional<String> reasoningEffort,
        Optional<ResponseFormat> responseFormat) {

    private static final List<String> EFFORTS = List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    static OptionsRequest read(JsonFields fields) {
        return new OptionsRequest(
                fields.decimal("temperature", 0, 2),
                fields.decimal("top_p", 0, 1),
                fields.integer("max_completion_tokens", 256, Integer.MAX_VALUE),
                fields.oneOf("reasoning_effort", EFFORTS),
                ResponseFormat.read(fields));
    }

    /** The options without those that the request names, be it only to clear them. */
    static ModelOptions unnamed(JsonFields fields, ModelOptions base) {
        return new ModelOptions(
                fields.has("temperature") ? null : base.temperature(),
                fields.has("top_p") ? null : base.topP(),
                base.maxCompletionTokens(),
                fields.has("reasoning_effort") ? null : base.reasoningEffort(),
                fields.has("response_format") ? null : base.responseFormat());
    }

    /** These options, and those of {@code base} where these say nothing. */
    ModelOptions over(ModelOptions base) {
        return new ModelOptions(
                temperature.isPresent() ? temperature.get() : base.temperature(),
                topP.isPresent() ? topP.get() : base.topP(),
                maxCompletionTokens.isPresent() ? maxCompletionTokens.get() : base.maxCompletionTokens(),
                reasoningEffort.isPresent() ? reasoningEffort.get() : base.reasoningEffort(),
                responseFormat.isPresent() ? responseFormat.get().json() : base.responseFormat());
    }
}
