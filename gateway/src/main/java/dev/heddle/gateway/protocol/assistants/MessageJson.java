package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Metadata;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

record MessageJson(
        String id,
        String object,
        long created_at,
        String thread_id,
        String status,
        @Nullable Incomplete incomplete_details,
        @Nullable Long completed_at,
        @Nullable Long incomplete_at,
        String role,
        List<ContentJson> content,
        @Nullable String assistant_id,
        @Nullable String run_id,
        List<Object> attachments,
        SortedMap<String, Object> metadata) {

    record Incomplete(String reason) {}

    /** Of an item that is a message. */
    static MessageJson of(StoredItem item) {
        var message = (Item.Message) item.item();
        return new MessageJson(
                OpenAiIds.message(item.id()),
                "thread.message",
                item.createdAt().getEpochSecond(),
                OpenAiIds.thread(item.thread()),
                status(item.status()),
                incomplete(item.status()),
                Seconds.when(item.status() == ItemStatus.COMPLETED, item.endedAt()),
                Seconds.when(item.status().isIncomplete(), item.endedAt()),
                message.role() == Role.ASSISTANT ? "assistant" : "user",
                ContentJson.of(message),
                item.output()
                        .flatMap(StoredItem.Output::assistant)
                        .map(OpenAiIds::assistant)
                        .orElse(null),
                item.output().map(output -> OpenAiIds.run(output.run())).orElse(null),
                List.of(),
                Metadata.json(item.metadata()));
    }

    private static String status(ItemStatus status) {
        return switch (status) {
            case IN_PROGRESS -> "in_progress";
            case COMPLETED -> "completed";
            case MAX_TOKENS, CONTENT_FILTER, RUN_CANCELLED, RUN_EXPIRED, RUN_FAILED -> "incomplete";
        };
    }

    private static @Nullable Incomplete incomplete(ItemStatus status) {
        return switch (status) {
            case IN_PROGRESS, COMPLETED -> null;
            case MAX_TOKENS -> new Incomplete("max_tokens");
            case CONTENT_FILTER -> new Incomplete("content_filter");
            case RUN_CANCELLED -> new Incomplete("run_cancelled");
            case RUN_EXPIRED -> new Incomplete("run_expired");
            case RUN_FAILED -> new Incomplete("run_failed");
        };
    }
}
