package dev.heddle.persistence;

import dev.heddle.streaming.run.ModelOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client says an assistant is; stored as JSON, except for {@code metadata}, which has a column of its own. */
public record AssistantSpec(
        String model,
        @Nullable String name,
        @Nullable String description,
        @Nullable String instructions,
        ModelOptions options,
        Map<String, Object> metadata) {
    public AssistantSpec {
        metadata = Map.copyOf(metadata);
    }
}
