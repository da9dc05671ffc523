package dev.heddle.persistence.postgres;

import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.Conduct;
import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.ToolUse;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ContainerNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How the specs of assistants and runs are spelt where they are stored; what is not set is left out. */
final class SpecJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SpecJson() {}

    static ObjectNode of(AssistantSpec spec) {
        var json = JSON.objectNode().put("model", spec.model());
        putGiven(json, "name", spec.name());
        putGiven(json, "description", spec.description());
        putGiven(json, "instructions", spec.instructions());
        json.set("options", of(spec.options()));
        putGiven(json, "tools", ToolJson.of(spec.tools()));
        putGiven(json, "strategy", spec.strategy() == null ? null : Spelling.of(spec.strategy()));
        return json;
    }

    static AssistantSpec assistantSpec(JsonNode json, Map<String, Object> metadata) {
        return new AssistantSpec(
                json.required("model").stringValue(),
                given(json, "name", JsonNode::stringValue),
                given(json, "description", JsonNode::stringValue),
                given(json, "instructions", JsonNode::stringValue),
                options(json.required("options")),
                ToolJson.tools(json),
                given(json, "strategy", strategy -> Spelling.read(Strategy.class, strategy.stringValue())),
                metadata);
    }

    static ObjectNode of(RunSpec spec) {
        var json = JSON.objectNode();
        putGiven(json, "assistant", spec.assistant());
        json.put("model", spec.model()).put("instructions", spec.instructions());
        json.set("options", of(spec.options()));
        putGiven(json, "tool_use", ToolJson.of(spec.toolUse()));
        putGiven(json, "limits", of(spec.limits()));
        putGiven(json, "conduct", of(spec.conduct()));
        putGiven(json, "echo", spec.echo());
        return json;
    }

    private static ObjectNode of(Conduct conduct) {
        var json = JSON.objectNode();
        putTrue(json, "ends_at_calls", conduct.endsAtCalls());
        putTrue(json, "tells_reasoning", conduct.tellsReasoning());
        putTrue(json, "only_prepares", conduct.onlyPrepares());
        return json;
    }

    private static Conduct conduct(JsonNode json) {
        return new Conduct(json.has("ends_at_calls"), json.has("tells_reasoning"), json.has("only_prepares"));
    }

    private static void putTrue(ObjectNode json, String member, boolean value) {
        if (value) {
            json.put(member, true);
        }
    }

    static RunSpec runSpec(JsonNode json) {
        return new RunSpec(
                given(json, "assistant", id -> new AssistantId(UUID.fromString(id.stringValue()))),
                json.required("model").stringValue(),
                json.required("instructions").stringValue(),
                options(json.required("options")),
                json.optional("tool_use").map(ToolJson::toolUse).orElse(ToolUse.NONE),
                json.optional("limits").map(SpecJson::limits).orElse(ContextLimits.NONE),
                json.optional("conduct").map(SpecJson::conduct).orElse(Conduct.PAUSING),
                given(json, "echo", JsonNode::stringValue));
    }

    private static ObjectNode of(ContextLimits limits) {
        var json = JSON.objectNode();
        putGiven(json, "max_prompt_tokens", limits.maxPromptTokens());
        putGiven(json, "last_messages", limits.lastMessages());
        putTrue(json, "whole", limits.whole());
        return json;
    }

    private static ContextLimits limits(JsonNode json) {
        return new ContextLimits(
                given(json, "max_prompt_tokens", JsonNode::intValue),
                given(json, "last_messages", JsonNode::intValue),
                json.has("whole"));
    }

    private static ObjectNode of(ModelOptions options) {
        var json = JSON.objectNode();
        putGiven(json, "temperature", options.temperature());
        putGiven(json, "top_p", options.topP());
        putGiven(json, "max_completion_tokens", options.maxCompletionTokens());
        putGiven(json, "reasoning_effort", options.reasoningEffort());
        putGiven(json, "response_format", options.responseFormat());
        putGiven(json, "presence_penalty", options.presencePenalty());
        putGiven(json, "frequency_penalty", options.frequencyPenalty());
        putGiven(json, "verbosity", options.verbosity());
        return json;
    }

    private static ModelOptions options(JsonNode json) {
        return new ModelOptions(
                given(json, "temperature", JsonNode::doubleValue),
                given(json, "top_p", JsonNode::doubleValue),
                given(json, "max_completion_tokens", JsonNode::intValue),
                given(json, "reasoning_effort", JsonNode::stringValue),
                given(json, "response_format", JsonNode::stringValue),
                given(json, "presence_penalty", JsonNode::doubleValue),
                given(json, "frequency_penalty", JsonNode::doubleValue),
                given(json, "verbosity", JsonNode::stringValue));
    }

    static void putGiven(ObjectNode json, String member, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case Double number -> json.put(member, number);
            case Integer number -> json.put(member, number);
            case Boolean flag -> json.put(member, flag);
            case ContainerNode<?> node when node.isEmpty() -> {}
            case JsonNode node -> json.set(member, node);
            case Object text -> json.put(member, text.toString());
        }
    }

    static <T> @Nullable T given(JsonNode json, String member, Function<JsonNode, T> read) {
        return json.optional(member).map(read).orElse(null);
    }
}
