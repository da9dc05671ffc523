package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.FunctionName;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads what a request says about tools: functions, each name once, and a choice that they can fulfil. */
final class ToolsRequest {
    private static final String TOOLS = "tools";
    private static final String CHOICE = "tool_choice";
    private static final int MAX_TOOLS = 128;
    private static final List<String> MODES = List.of("none", "auto", "required");

    private ToolsRequest() {}

    static ToolUse read(JsonFields fields) {
        var tools = functions(fields);
        return new ToolUse(
                tools,
                fields.value(CHOICE).map(node -> choice(fields, node, tools)).orElse(ToolChoice.AUTO),
                fields.bool("parallel_tool_calls").orElse(true),
                fields.integer("max_tool_calls", 1, Integer.MAX_VALUE).orElse(null));
    }

    static List<FunctionTool> functions(JsonFields fields) {
        var tools = fields.objects(TOOLS, MAX_TOOLS);
        var functions = tools.stream().map(ToolsRequest::function).toList();
        var names = new HashSet<String>();
        for (int i = 0; i < functions.size(); i++) {
            String name = functions.get(i).name();
            if (!names.add(name)) {
                throw Invalid.because(tools.get(i).path("name"), "there are two functions named '" + name + "'.");
            }
        }
        return functions;
    }

    private static FunctionTool function(JsonFields tool) {
        checkServed(tool);
        tool.only(Set.of("type", "name", "description", "parameters", "strict"));
        return new FunctionTool(
                FunctionName.read(tool),
                tool.text("description").orElse(null),
                tool.object("parameters").map(JsonFields::json).orElse(null),
                tool.bool("strict").orElse(null));
    }

    private static void checkServed(JsonFields tool) {
        String type = tool.requiredText("type");
        if (!type.equals("function")) {
            throw Invalid.unsupportedTool(
                    tool.path("type"), type, "this server offers functions only. Offer one of your own instead.");
        }
    }

    private static ToolChoice choice(JsonFields fields, JsonNode node, List<FunctionTool> offered) {
        if (node.isString()) {
            return mode(fields.requiredOneOf(CHOICE, MODES), offered);
        }
        if (!node.isObject()) {
            throw Invalid.type(fields.path(CHOICE), "a string or an object", node);
        }
        var choice = fields.requiredObject(CHOICE);
        return choice.requiredText("type").equals("allowed_tools") ? allowed(choice, offered) : named(choice, offered);
    }

    private static ToolChoice mode(String mode, List<FunctionTool> offered) {
        return switch (mode) {
            case "none" -> new ToolChoice.None();
            case "required" -> {
                if (offered.isEmpty()) {
                    throw Invalid.because(CHOICE, "a tool is required, and the request offers none.");
                }
                yield new ToolChoice.Required();
            }
            default -> ToolChoice.AUTO;
        };
    }

    private static ToolChoice named(JsonFields choice, List<FunctionTool> offered) {
        checkServed(choice);
        return new ToolChoice.Named(offered(choice.only(Set.of("type", "name")), offered));
    }

    private static ToolChoice allowed(JsonFields choice, List<FunctionTool> offered) {
        choice.only(Set.of("type", "mode", TOOLS));
        boolean required =
                choice.requiredOneOf("mode", List.of("auto", "required")).equals("required");
        var names = choice.requiredObjects(TOOLS).stream()
                .map(tool -> {
                    checkServed(tool);
                    return offered(tool.only(Set.of("type", "name")), offered);
                })
                .distinct()
                .toList();
        return new ToolChoice.Allowed(names, required);
    }

    private static String offered(JsonFields choice, List<FunctionTool> offered) {
        String name = choice.requiredText("name");
        if (offered.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw Invalid.because(choice.path("name"), "the request offers no function named '" + name + "'.");
        }
        return name;
    }
}
