package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunFailure;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The step that created a message. It shares the message's fate, and its id but for the prefix. */
record StepJson(
        String id,
        String object,
        long created_at,
        String assistant_id,
        String thread_id,
        String run_id,
        String type,
        String status,
        Details step_details,
        @Nullable ErrorJson last_error,
        @Nullable Long expired_at,
        @Nullable Long cancelled_at,
        @Nullable Long failed_at,
        @Nullable Long completed_at,
        Map<String, Object> metadata,
        @Nullable UsageJson usage) {

    record Details(String type, Creation message_creation) {}

    record Creation(String message_id) {}

    /** The step of an item that a run produced; {@code failure} is the run's, once it failed. */
    static StepJson of(StoredItem item, Optional<RunFailure> failure) {
        var output = item.output().orElseThrow();
        String status = status(item.status());
        return new StepJson(
                OpenAiIds.step(item.id()),
                "thread.run.step",
                item.createdAt().getEpochSecond(),
                output.assistant().map(OpenAiIds::assistant).orElse(""),
                OpenAiIds.thread(item.thread()),
                OpenAiIds.run(output.run()),
                "message_creation",
                status,
                new Details("message_creation", new Creation(OpenAiIds.message(item.id()))),
                item.status() == ItemStatus.RUN_FAILED
                        ? failure.map(ErrorJson::ofStep).orElse(null)
                        : null,
                Seconds.when(status.equals("expired"), item.endedAt()),
                Seconds.when(status.equals("cancelled"), item.endedAt()),
                Seconds.when(status.equals("failed"), item.endedAt()),
                Seconds.when(status.equals("completed"), item.endedAt()),
                Map.of(),
                item.status() == ItemStatus.IN_PROGRESS ? null : UsageJson.of(output.usage()));
    }

    /** A step whose message was cut at the token limit has done its work. */
    private static String status(ItemStatus status) {
        return switch (status) {
            case IN_PROGRESS -> "in_progress";
            case COMPLETED, MAX_TOKENS, CONTENT_FILTER -> "completed";
            case RUN_CANCELLED -> "cancelled";
            case RUN_EXPIRED -> "expired";
            case RUN_FAILED -> "failed";
        };
    }
}
