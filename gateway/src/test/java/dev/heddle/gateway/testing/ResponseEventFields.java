package dev.heddle.gateway.testing;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Which members each event of a response has besides its type and its number. */
final class ResponseEventFields {
    private static final String MCP_LIST = "response.mcp_list_tools.";
    private static final String MCP_CALL = "response.mcp_call.";
    private static final List<String> RESPONSE = List.of("response");
    private static final List<String> OUTPUT = List.of("output_index", "item");
    private static final List<String> ITEM = List.of("item_id", "output_index");
    private static final List<String> PART = List.of("item_id", "output_index", "content_index");
    private static final List<String> SUMMARY = List.of("item_id", "output_index", "summary_index");

    private static final Map<String, List<String>> FIELDS = Map.ofEntries(
            Map.entry("response.created", RESPONSE),
            Map.entry("response.queued", RESPONSE),
            Map.entry("response.in_progress", RESPONSE),
            Map.entry("response.completed", RESPONSE),
            Map.entry("response.failed", RESPONSE),
            Map.entry("response.incomplete", RESPONSE),
            Map.entry("response.output_item.added", OUTPUT),
            Map.entry("response.output_item.done", OUTPUT),
            Map.entry("response.content_part.added", with(PART, "part")),
            Map.entry("response.content_part.done", with(PART, "part")),
            Map.entry("response.output_text.delta", with(PART, "delta", "logprobs")),
            Map.entry("response.output_text.done", with(PART, "text", "logprobs")),
            Map.entry("response.output_text.annotation.added", with(PART, "annotation_index", "annotation")),
            Map.entry("response.refusal.delta", with(PART, "delta")),
            Map.entry("response.refusal.done", with(PART, "refusal")),
            Map.entry("response.function_call_arguments.delta", with(ITEM, "delta")),
            Map.entry("response.function_call_arguments.done", with(ITEM, "arguments", "name")),
            Map.entry("response.custom_tool_call_input.delta", with(ITEM, "delta")),
            Map.entry("response.custom_tool_call_input.done", with(ITEM, "input")),
            Map.entry("response.reasoning_summary_part.added", with(SUMMARY, "part")),
            Map.entry("response.reasoning_summary_part.done", with(SUMMARY, "part")),
            Map.entry("response.reasoning_summary_text.delta", with(SUMMARY, "delta")),
            Map.entry("response.reasoning_summary_text.done", with(SUMMARY, "text")),
            Map.entry(MCP_LIST + "in_progress", ITEM),
            Map.entry(MCP_LIST + "completed", ITEM),
            Map.entry(MCP_LIST + "failed", ITEM),
            Map.entry(MCP_CALL + "in_progress", ITEM),
            Map.entry(MCP_CALL + "completed", ITEM),
            Map.entry(MCP_CALL + "failed", ITEM),
            Map.entry("response.mcp_call_arguments.delta", with(ITEM, "delta")),
            Map.entry("response.mcp_call_arguments.done", with(ITEM, "arguments")),
            Map.entry("error", List.of("code", "message", "param", "error")));

    private ResponseEventFields() {}

    static void check(JsonNode event) {
        String type = Violation.text(event, "type");
        Violation.unless(FIELDS.containsKey(type), "no event is called " + type);
        FIELDS.get(type).forEach(field -> Violation.member(event, field));
        Violation.unless(type.equals("error") || !event.has("error"), "only the event error has a member error");
        Violation.unless(
                type.endsWith(".delta") || !event.has("obfuscation"), "only deltas have obfuscation, not " + type);
        if (type.equals("error")) {
            checkBothForms(event);
        }
    }

    /** The flat form is OpenAI's, the nested one that of Open Responses. */
    private static void checkBothForms(JsonNode event) {
        JsonNode nested = event.get("error");
        Violation.text(nested, "type");
        for (String field : List.of("code", "message", "param")) {
            Violation.unlessSame(Violation.member(nested, field), event.get(field), "error." + field);
        }
    }

    private static List<String> with(List<String> fields, String... more) {
        return Stream.concat(fields.stream(), Stream.of(more)).toList();
    }
}
