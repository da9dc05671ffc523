package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a request says about the tools of a run; tools that it leaves out are the assistant's. */
record ToolUseRequest(Optional<List<FunctionTool>> tools, ToolChoice choice, boolean parallel) {
    private static final String CHOICE = "tool_choice";
    private static final List<String> MODES = List.of("none", "auto", "required");

    static ToolUseRequest read(JsonFields fields) {
        return new ToolUseRequest(
                ToolsRequest.read(fields),
                fields.value(CHOICE).map(node -> choice(fields, node)).orElse(ToolChoice.AUTO),
                fields.bool("parallel_tool_calls").orElse(true));
    }

    /** The whole of it, once the assistant's tools are known. Refuses a choice that no tool could fulfil. */
    ToolUse over(List<FunctionTool> assistants) {
        var offered = tools.orElse(assistants);
        switch (choice) {
            case ToolChoice.Required _ -> checkSome(offered);
            case ToolChoice.Named named -> checkOffered(named.function(), offered);
            case ToolChoice.Auto _, ToolChoice.None _, ToolChoice.Allowed _ -> {}
        }
        return new ToolUse(offered, choice, parallel);
    }

    private static ToolChoice choice(JsonFields fields, JsonNode node) {
        if (node.isString()) {
            return mode(fields.requiredOneOf(CHOICE, MODES));
        }
        if (!node.isObject()) {
            throw Invalid.type(fields.path(CHOICE), "a string or an object", node);
        }
        return named(fields.requiredObject(CHOICE).only(Set.of("type", "function")));
    }

    private static ToolChoice mode(String mode) {
        return switch (mode) {
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> ToolChoice.AUTO;
        };
    }

    private static ToolChoice named(JsonFields choice) {
        ToolsRequest.checkServed(choice, choice.requiredOneOf("type", ToolsRequest.TYPES));
        var function = choice.requiredObject("function").only(Set.of("name"));
        return new ToolChoice.Named(function.requiredText("name"));
    }

    private static void checkSome(List<FunctionTool> offered) {
        if (offered.isEmpty()) {
            throw Invalid.because(CHOICE, "a tool is required, and the run offers none.");
        }
    }

    private static void checkOffered(String function, List<FunctionTool> offered) {
        if (offered.stream().noneMatch(tool -> tool.name().equals(function))) {
            throw Invalid.because(CHOICE, "the run offers no function named '" + function + "'.");
        }
    }
}
