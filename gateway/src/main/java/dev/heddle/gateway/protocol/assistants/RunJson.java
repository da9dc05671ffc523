package dev.heddle.gateway.protocol.assistants;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.heddle.gateway.http.openai.Metadata;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.RunStatus;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

record RunJson(
        String id,
        String object,
        long created_at,
        String thread_id,
        String assistant_id,
        String status,
        @Nullable RequiredActionJson required_action,
        @Nullable ErrorJson last_error,
        @Nullable Long expires_at,
        @Nullable Long started_at,
        @Nullable Long cancelled_at,
        @Nullable Long failed_at,
        @Nullable Long completed_at,
        @Nullable Incomplete incomplete_details,
        String model,
        String instructions,
        List<ToolJson> tools,
        SortedMap<String, Object> metadata,
        @Nullable UsageJson usage,
        double temperature,
        double top_p,
        @Nullable Integer max_prompt_tokens,
        @Nullable Integer max_completion_tokens,
        Truncation truncation_strategy,
        Object tool_choice,
        boolean parallel_tool_calls,
        @JsonRawValue String response_format) {

    /** The schema knows no reason for a content filter; the message tells it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Incomplete(@Nullable String reason) {}

    record Truncation(String type, @Nullable Integer last_messages) {
        static Truncation of(@Nullable Integer lastMessages) {
            return new Truncation(lastMessages == null ? "auto" : "last_messages", lastMessages);
        }
    }

    static RunJson of(StoredRun run) {
        return of(run, run.spec(), run.status());
    }

    private static RunJson of(StoredRun run, RunSpec spec, RunStatus status) {
        return new RunJson(
                OpenAiIds.run(run.key().id()),
                "thread.run",
                run.createdAt().getEpochSecond(),
                OpenAiIds.thread(run.key().thread().id()),
                Optional.ofNullable(spec.assistant()).map(OpenAiIds::assistant).orElse(""),
                status(status),
                status == RunStatus.REQUIRES_ACTION
                        ? run.requiredAction().map(RequiredActionJson::of).orElse(null)
                        : null,
                run.failure().map(ErrorJson::ofRun).orElse(null),
                Seconds.when(status.isActive() || status == RunStatus.EXPIRED, Optional.of(run.expiresAt())),
                Seconds.orNull(run.startedAt()),
                Seconds.when(status == RunStatus.CANCELLED, run.endedAt()),
                Seconds.when(status == RunStatus.FAILED, run.endedAt()),
                Seconds.when(status == RunStatus.COMPLETED || status == RunStatus.INCOMPLETE, run.endedAt()),
                run.incomplete().map(RunJson::incomplete).orElse(null),
                spec.model(),
                spec.instructions(),
                ToolJson.of(spec.toolUse().tools()),
                Metadata.json(run.metadata()),
                status.isTerminal() ? UsageJson.of(run.usage()) : null,
                Defaults.temperature(spec.options()),
                Defaults.topP(spec.options()),
                spec.limits().maxPromptTokens(),
                spec.options().maxCompletionTokens(),
                Truncation.of(spec.limits().lastMessages()),
                ToolChoiceJson.of(spec.toolUse().choice()),
                spec.toolUse().parallel(),
                Defaults.responseFormat(spec.options()));
    }

    /** The protocol's word for a status. */
    static String status(RunStatus status) {
        return switch (status) {
            case QUEUED -> "queued";
            case IN_PROGRESS -> "in_progress";
            case REQUIRES_ACTION -> "requires_action";
            case CANCELLING -> "cancelling";
            case COMPLETED -> "completed";
            case INCOMPLETE -> "incomplete";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
            case EXPIRED -> "expired";
        };
    }

    private static Incomplete incomplete(IncompleteReason reason) {
        return switch (reason) {
            case MAX_PROMPT_TOKENS -> new Incomplete("max_prompt_tokens");
            case MAX_COMPLETION_TOKENS -> new Incomplete("max_completion_tokens");
            case CONTENT_FILTER -> new Incomplete(null);
        };
    }
}
