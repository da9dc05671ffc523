package dev.heddle.gateway.testing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of the response object alone, wherever it is shown: all of its members, and what its status says of them. */
final class ResponseSnapshot {
    static final Set<String> KEYS = Set.of(
            "id",
            "object",
            "created_at",
            "completed_at",
            "status",
            "background",
            "error",
            "incomplete_details",
            "instructions",
            "model",
            "output",
            "parallel_tool_calls",
            "previous_response_id",
            "conversation",
            "reasoning",
            "store",
            "temperature",
            "top_p",
            "presence_penalty",
            "frequency_penalty",
            "top_logprobs",
            "text",
            "tool_choice",
            "tools",
            "truncation",
            "max_output_tokens",
            "max_tool_calls",
            "usage",
            "service_tier",
            "metadata",
            "safety_identifier",
            "prompt_cache_key");

    /** What Open Responses does not allow to be null, with OpenAI's own required ones. */
    private static final List<String> NEVER_NULL = List.of(
            "model",
            "background",
            "output",
            "parallel_tool_calls",
            "reasoning",
            "store",
            "temperature",
            "top_p",
            "presence_penalty",
            "frequency_penalty",
            "top_logprobs",
            "text",
            "tool_choice",
            "tools",
            "truncation",
            "service_tier",
            "metadata");

    private static final Map<String, List<String>> DETAILS = Map.of(
            "input_tokens_details",
            List.of("cached_tokens", "cache_write_tokens"),
            "output_tokens_details",
            List.of("reasoning_tokens"));

    private ResponseSnapshot() {}

    static void check(JsonNode response) {
        KEYS.forEach(key -> Violation.member(response, key));
        Violation.unless(!response.has("output_text"), "output_text is computed by SDKs, never sent");
        NEVER_NULL.forEach(key -> Violation.unless(!response.get(key).isNull(), key + " should never be null"));
        Violation.unlessSame(Violation.text(response, "object"), "response", "object");
        Violation.unless(Violation.text(response, "id").startsWith("resp_"), "the id should begin with resp_");
        Violation.number(response, "created_at");
        checkStatus(response, Violation.text(response, "status"));
        JsonNode conversation = response.get("conversation");
        Violation.unless(conversation.isNull() || conversation.has("id"), "a conversation is null or has an id");
        response.get("reasoning")
                .properties()
                .forEach(member -> Violation.unless(
                        Set.of("effort", "summary").contains(member.getKey()), "reasoning has no " + member.getKey()));
        Violation.member(response.get("reasoning"), "effort");
        Violation.member(response.get("reasoning"), "summary");
    }

    private static void checkStatus(JsonNode response, String status) {
        switch (status) {
            case "queued", "in_progress" ->
                Violation.unless(response.get("usage").isNull(), "usage should be null before the end");
            case "completed", "incomplete" -> checkUsage(response.get("usage"));
            case "failed", "cancelled" -> checkUsageIfAny(response.get("usage"));
            default -> throw Violation.of("no response is " + status);
        }
        Violation.unless(
                !status.equals("queued") || response.get("background").booleanValue(),
                "only a background response should be queued");
        onlyWhen(status.equals("completed"), response, "completed_at");
        onlyWhen(status.equals("failed"), response, "error");
        onlyWhen(status.equals("incomplete"), response, "incomplete_details");
    }

    private static void onlyWhen(boolean expected, JsonNode response, String key) {
        Violation.unless(
                response.get(key).isNull() != expected,
                key + " should " + (expected ? "not " : "") + "be null in status " + response.get("status"));
    }

    private static void checkUsageIfAny(JsonNode usage) {
        if (!usage.isNull()) {
            checkUsage(usage);
        }
    }

    private static void checkUsage(JsonNode usage) {
        long input = Violation.number(usage, "input_tokens");
        long output = Violation.number(usage, "output_tokens");
        Violation.unlessSame(Violation.number(usage, "total_tokens"), input + output, "total_tokens");
        DETAILS.forEach((details, counts) ->
                counts.forEach(count -> Violation.number(Violation.member(usage, details), count)));
    }
}
