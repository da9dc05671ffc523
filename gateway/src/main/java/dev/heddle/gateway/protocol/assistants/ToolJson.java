package dev.heddle.gateway.protocol.assistants;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.heddle.streaming.run.FunctionTool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tool as an assistant or a run shows it: as it was given. */
record ToolJson(String type, Function function) {
    static List<ToolJson> of(List<FunctionTool> tools) {
        return tools.stream()
                .map(tool -> new ToolJson(
                        "function", new Function(tool.name(), tool.description(), tool.parameters(), tool.strict())))
                .toList();
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Function(
            String name,
            @Nullable String description,
            @JsonRawValue @Nullable String parameters,
            @Nullable Boolean strict) {}
}
