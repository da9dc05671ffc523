package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A request about a context, which is not stored: to sum it up, or to count it. */
record ContextRequest(
        String model,
        String instructions,
        ToolUse toolUse,
        List<InputItem> input,
        Optional<RunId> parent,
        Optional<ThreadId> conversation) {
    private static final Set<String> TO_COMPACT = Set.of(
            "model",
            "input",
            Parents.FIELD,
            "instructions",
            "service_tier",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention");
    private static final Set<String> TO_COUNT = Set.of(
            "model",
            "input",
            Parents.FIELD,
            "conversation",
            "instructions",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "text",
            "reasoning",
            "truncation");

    static ContextRequest toCompact(JsonFields fields) {
        Unserved.check(fields.only(TO_COMPACT));
        fields.text("prompt_cache_key");
        return read(fields, fields.requiredText("model"));
    }

    /** Tokens are counted for some model, or as the newest models count them. */
    static ContextRequest toCount(JsonFields fields) {
        fields.only(TO_COUNT);
        TextRequest.read(fields);
        ReasoningRequest.read(fields);
        fields.oneOf("truncation", List.of("auto", "disabled"));
        return read(fields, fields.text("model").orElse(""));
    }

    private static ContextRequest read(JsonFields fields, String model) {
        var conversation = ConversationRequest.named(fields);
        Parents.checkAlone(fields);
        return new ContextRequest(
                model,
                fields.text("instructions", InputRequest.MAX_TEXT).orElse(""),
                ToolsRequest.read(fields),
                InputRequest.read(fields, "input"),
                fields.text(Parents.FIELD).map(Parents::id),
                conversation);
    }
}
