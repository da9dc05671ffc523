package dev.heddle.gateway.protocol.assistants;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredThread;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

record ThreadJson(
        String id,
        String object,
        long created_at,
        Map<String, Object> tool_resources,
        SortedMap<String, Object> metadata,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String multitask_strategy) {
    static ThreadJson of(StoredThread thread) {
        return new ThreadJson(
                OpenAiIds.thread(thread.key().id()),
                "thread",
                thread.createdAt().getEpochSecond(),
                Map.of(),
                Metadata.json(thread.metadata()),
                StrategyRequest.wordOrNull(thread.strategy()));
    }
}
