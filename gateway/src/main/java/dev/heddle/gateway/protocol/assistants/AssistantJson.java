package dev.heddle.gateway.protocol.assistants;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.heddle.gateway.http.openai.Metadata;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.persistence.Assistant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

record AssistantJson(
        String id,
        String object,
        long created_at,
        @Nullable String name,
        @Nullable String description,
        String model,
        @Nullable String instructions,
        List<ToolJson> tools,
        Map<String, Object> tool_resources,
        SortedMap<String, Object> metadata,
        double temperature,
        double top_p,
        @JsonRawValue String response_format,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String multitask_strategy) {
    static AssistantJson of(Assistant assistant) {
        var spec = assistant.spec();
        var options = spec.options();
        return new AssistantJson(
                OpenAiIds.assistant(assistant.id()),
                "assistant",
                assistant.createdAt().getEpochSecond(),
                spec.name(),
                spec.description(),
                spec.model(),
                spec.instructions(),
                ToolJson.of(spec.tools()),
                Map.of(),
                Metadata.json(spec.metadata()),
                Defaults.temperature(options),
                Defaults.topP(options),
                Defaults.responseFormat(options),
                StrategyRequest.wordOrNull(Optional.ofNullable(spec.strategy())));
    }
}
