package dev.heddle.gateway.protocol.assistants;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heddle.gateway.http.openai.Metadata;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.persistence.ListedThread;
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
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String multitask_strategy,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String status) {
    static ThreadJson of(StoredThread thread) {
        return of(thread, null);
    }

    /** In a list, where it also says whether something happens on it. */
    static ThreadJson of(ListedThread listed) {
        return of(listed.thread(), ThreadQuery.word(listed.status()));
    }

    private static ThreadJson of(StoredThread thread, @Nullable String status) {
        return new ThreadJson(
                OpenAiIds.thread(thread.key().id()),
                "thread",
                thread.createdAt().getEpochSecond(),
                Map.of(),
                Metadata.json(thread.metadata()),
                StrategyRequest.wordOrNull(thread.strategy()),
                status);
    }
}
