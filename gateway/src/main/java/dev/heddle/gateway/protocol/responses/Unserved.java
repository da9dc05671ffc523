package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import java.util.List;
import java.util.Map;

/** Members of OpenAI's requests that ask for what is not here: refused by name unless they ask for nothing. */
final class Unserved {
    private static final Map<String, String> WHY = Map.of(
            "prompt", "Heddle keeps no prompts. Send 'instructions' and 'input' instead.",
            "moderation", "Heddle moderates nothing. Ask your model's server for it.",
            "context_management", "Contexts are not compacted by themselves. Use '/v1/responses/compact' instead.",
            "prompt_cache_options", "the prompt cache is your model server's own.",
            "prompt_cache_retention", "the prompt cache is your model server's own.");
    private static final List<String> TIERS = List.of("auto", "default", "flex", "scale", "priority");

    /** What can be had because it is always there, or because nothing here could ever have it. */
    private static final List<String> INCLUDES = List.of(
            "reasoning.encrypted_content",
            "message.input_image.image_url",
            "file_search_call.results",
            "web_search_call.results",
            "web_search_call.action.sources",
            "code_interpreter_call.outputs",
            "computer_call_output.output.image_url");

    private Unserved() {}

    static void check(JsonFields fields) {
        WHY.forEach((name, why) -> fields.value(name)
                .filter(node -> !node.isEmpty() || node.isValueNode())
                .ifPresent(_ -> {
                    throw Invalid.unsupported(fields.path(name), why);
                }));
        fields.oneOf("service_tier", TIERS);
        fields.integer("top_logprobs", 0, 20).filter(count -> count > 0).ifPresent(_ -> {
            throw Invalid.unsupported(fields.path("top_logprobs"), "Heddle passes no log probabilities on.");
        });
        checkInclude(fields.texts("include"), fields.path("include"));
    }

    static void checkInclude(List<String> include, String param) {
        for (int i = 0; i < include.size(); i++) {
            String at = param + "[" + i + "]";
            if (include.get(i).equals("message.output_text.logprobs")) {
                throw Invalid.unsupported(at, "Heddle passes no log probabilities on.");
            }
            if (!INCLUDES.contains(include.get(i))) {
                throw Invalid.value(at, include.get(i), INCLUDES);
            }
        }
    }
}
