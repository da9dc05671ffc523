package dev.heddle.gateway.protocol.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heddle.gateway.http.openai.Metadata;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredRun;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A response as it stands; every member is there in every snapshot. */
record ResponseJson(
        String id,
        String object,
        long created_at,
        @Nullable Long completed_at,
        String status,
        boolean background,
        @Nullable ErrorJson error,
        @Nullable Incomplete incomplete_details,
        @Nullable String instructions,
        String model,
        List<ItemJson> output,
        boolean parallel_tool_calls,
        @Nullable String previous_response_id,
        @Nullable ConversationRef conversation,
        Reasoning reasoning,
        boolean store,
        double temperature,
        double top_p,
        double presence_penalty,
        double frequency_penalty,
        int top_logprobs,
        JsonNode text,
        JsonNode tool_choice,
        List<ToolJson> tools,
        String truncation,
        @Nullable Integer max_output_tokens,
        @Nullable Integer max_tool_calls,
        @Nullable UsageJson usage,
        String service_tier,
        SortedMap<String, Object> metadata,
        @Nullable String safety_identifier,
        @Nullable String prompt_cache_key,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String user) {

    record ErrorJson(String code, String message) {}

    record Incomplete(String reason) {}

    record ConversationRef(String id) {}

    record Reasoning(@Nullable String effort, @Nullable String summary) {}

    /** The response of a run that stands as told. */
    static ResponseJson of(StoredRun run, Echo echo, Standing standing, List<ItemJson> output) {
        RunSpec spec = run.spec();
        return new ResponseJson(
                OpenAiIds.response(run.key().id()),
                "response",
                run.createdAt().getEpochSecond(),
                standing.completedAt(),
                standing.status(),
                echo.background(),
                standing.error(),
                standing.incomplete(),
                spec.instructions().isEmpty() ? null : spec.instructions(),
                spec.model(),
                List.copyOf(output),
                spec.toolUse().parallel(),
                echo.previous_response_id(),
                echo.conversation() ? new ConversationRef(conversation(run)) : null,
                new Reasoning(echo.effort(), echo.summary()),
                echo.store(),
                Objects.requireNonNullElse(spec.options().temperature(), 1.0),
                Objects.requireNonNullElse(spec.options().topP(), 1.0),
                Objects.requireNonNullElse(spec.options().presencePenalty(), 0.0),
                Objects.requireNonNullElse(spec.options().frequencyPenalty(), 0.0),
                0,
                echo.text(),
                echo.tool_choice(),
                ToolJson.of(spec.toolUse().tools()),
                echo.truncation(),
                spec.options().maxCompletionTokens(),
                spec.toolUse().maxServerCalls(),
                standing.usage(),
                "default",
                Metadata.json(run.metadata()),
                echo.safety_identifier(),
                echo.prompt_cache_key(),
                echo.user());
    }

    private static String conversation(StoredRun run) {
        return OpenAiIds.conversation(run.key().thread().id());
    }
}
