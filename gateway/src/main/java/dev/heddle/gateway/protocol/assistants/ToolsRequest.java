package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.FunctionName;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.FunctionTool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the tools that an assistant or a run offers to its model: functions, each name once. */
final class ToolsRequest {
    static final List<String> TYPES = List.of("function", "code_interpreter", "file_search");

    private static final String FIELD = "tools";
    private static final int MAX_TOOLS = 128;

    private ToolsRequest() {}

    /** Empty when the member is absent or null. */
    static Optional<List<FunctionTool>> read(JsonFields fields) {
        return fields.value(FIELD).map(_ -> functions(fields.objects(FIELD, MAX_TOOLS)));
    }

    /** Refuses the tools that OpenAI runs itself; {@code type} is one of {@link #TYPES}. */
    static void checkServed(JsonFields fields, String type) {
        switch (type) {
            case "code_interpreter" ->
                throw Invalid.unsupportedTool(
                        fields.path("type"),
                        type,
                        "Heddle runs no code that a model wrote. Offer a function of your own instead.");
            case "file_search" ->
                throw Invalid.unsupportedTool(
                        fields.path("type"),
                        type,
                        "Heddle keeps no files. Offer a function that searches yours instead.");
            default -> {}
        }
    }

    private static List<FunctionTool> functions(List<JsonFields> tools) {
        var functions = new ArrayList<FunctionTool>(tools.size());
        var names = new HashSet<String>();
        for (JsonFields tool : tools) {
            checkServed(tool, tool.requiredOneOf("type", TYPES));
            var fields = tool.only(Set.of("type", "function")).requiredObject("function");
            var function = function(fields.only(Set.of("name", "description", "parameters", "strict")));
            if (!names.add(function.name())) {
                throw Invalid.because(fields.path("name"), "there are two functions named '" + function.name() + "'.");
            }
            functions.add(function);
        }
        return functions;
    }

    private static FunctionTool function(JsonFields fields) {
        return new FunctionTool(
                FunctionName.read(fields),
                fields.text("description").orElse(null),
                fields.object("parameters").map(JsonFields::json).orElse(null),
                strict(fields));
    }

    private static @Nullable Boolean strict(JsonFields fields) {
        return fields.bool("strict").orElse(null);
    }
}
