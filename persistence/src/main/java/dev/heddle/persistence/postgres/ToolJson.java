package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.SpecJson.given;
import static dev.heddle.persistence.postgres.SpecJson.putGiven;

import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How tools are spelt in the specs of assistants and runs; schemas stay the text they are. */
final class ToolJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ToolJson() {}

    static ArrayNode of(List<FunctionTool> tools) {
        var json = JSON.arrayNode();
        tools.forEach(tool -> json.add(of(tool)));
        return json;
    }

    private static ObjectNode of(FunctionTool tool) {
        var json = JSON.objectNode().put("name", tool.name());
        putGiven(json, "description", tool.description());
        putGiven(json, "parameters", tool.parameters());
        putGiven(json, "strict", tool.strict());
        return json;
    }

    /** The tools of a spec that has some. */
    static List<FunctionTool> tools(JsonNode spec) {
        return spec.optional("tools")
                .map(tools -> tools.asArray().valueStream().map(ToolJson::tool).toList())
                .orElse(List.of());
    }

    private static FunctionTool tool(JsonNode json) {
        return new FunctionTool(
                json.required("name").stringValue(),
                given(json, "description", JsonNode::stringValue),
                given(json, "parameters", JsonNode::stringValue),
                given(json, "strict", JsonNode::booleanValue));
    }

    /** Empty when no tools are used and nothing is said about them. */
    static ObjectNode of(ToolUse use) {
        var json = JSON.objectNode();
        if (!use.equals(ToolUse.NONE)) {
            putGiven(json, "tools", of(use.tools()));
            json.set("choice", of(use.choice()));
            json.put("parallel", use.parallel());
            putGiven(json, "max_server_calls", use.maxServerCalls());
        }
        return json;
    }

    static ToolUse toolUse(JsonNode json) {
        return new ToolUse(
                tools(json),
                choice(json.required("choice")),
                json.required("parallel").booleanValue(),
                given(json, "max_server_calls", JsonNode::intValue));
    }

    private static JsonNode of(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto _ -> JSON.stringNode("auto");
            case ToolChoice.None _ -> JSON.stringNode("none");
            case ToolChoice.Required _ -> JSON.stringNode("required");
            case ToolChoice.Allowed allowed -> of(allowed);
            case ToolChoice.Named named -> JSON.objectNode().put("function", named.function());
        };
    }

    private static ObjectNode of(ToolChoice.Allowed allowed) {
        var json = JSON.objectNode().put("required", allowed.required());
        allowed.functions().forEach(json.putArray("allowed")::add);
        return json;
    }

    private static ToolChoice choiceOf(JsonNode json) {
        return json.has("allowed")
                ? new ToolChoice.Allowed(
                        json.required("allowed")
                                .asArray()
                                .valueStream()
                                .map(JsonNode::stringValue)
                                .toList(),
                        json.required("required").booleanValue())
                : new ToolChoice.Named(json.required("function").stringValue());
    }

    private static ToolChoice choice(JsonNode json) {
        return json.isObject()
                ? choiceOf(json)
                : switch (json.stringValue()) {
                    case "auto" -> ToolChoice.AUTO;
                    case "none" -> new ToolChoice.None();
                    case "required" -> new ToolChoice.Required();
                    case String unknown -> throw new IllegalArgumentException("No choice of tools is " + unknown);
                };
    }
}
