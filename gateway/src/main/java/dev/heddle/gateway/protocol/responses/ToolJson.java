package dev.heddle.gateway.protocol.responses;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.heddle.streaming.run.FunctionTool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function that was offered; what the request did not say is null. */
record ToolJson(
        String type,
        String name,
        @Nullable String description,
        @JsonRawValue @Nullable String parameters,
        @Nullable Boolean strict) {
    static List<ToolJson> of(List<FunctionTool> tools) {
        return tools.stream()
                .map(tool ->
                        new ToolJson("function", tool.name(), tool.description(), tool.parameters(), tool.strict()))
                .toList();
    }
}
