package dev.heddle.persistence;

import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.ModelOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client says an assistant is; stored as JSON, except for {@code metadata}, which has a column of its own.
 *
 * @param strategy of its runs, where their requests do not say; null for that of the thread
 */
public record AssistantSpec(
        String model,
        @Nullable String name,
        @Nullable String description,
        @Nullable String instructions,
        ModelOptions options,
        List<FunctionTool> tools,
        @Nullable Strategy strategy,
        Map<String, Object> metadata) {
    public AssistantSpec {
        tools = List.copyOf(tools);
        metadata = Map.copyOf(metadata);
    }
}
