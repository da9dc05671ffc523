package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.persistence.Assistant;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StrategyChoice;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.RunId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a request says about a run; what it leaves out is its assistant's. */
record RunRequest(
        AssistantId assistant,
        boolean stream,
        Optional<String> model,
        Optional<String> instructions,
        Optional<String> additionalInstructions,
        List<NewItem> additionalMessages,
        OptionsRequest options,
        ToolUseRequest toolUse,
        ContextLimits limits,
        Optional<Strategy> strategy,
        Map<String, Object> metadata) {

    private static final Set<String> BOTH = Set.of(
            "assistant_id",
            "model",
            "instructions",
            "tools",
            "metadata",
            "temperature",
            "top_p",
            "stream",
            "max_prompt_tokens",
            "max_completion_tokens",
            "truncation_strategy",
            "tool_choice",
            "parallel_tool_calls",
            "response_format",
            StrategyRequest.FIELD);
    private static final Set<String> ON_THREAD =
            plus(BOTH, "reasoning_effort", "additional_instructions", "additional_messages");
    private static final Set<String> WITH_THREAD = plus(BOTH, "thread", "tool_resources");

    /** A run of a thread that exists. */
    static RunRequest onThread(JsonFields fields) {
        return read(fields.only(ON_THREAD));
    }

    /** A run that is created together with its thread. */
    static RunRequest withThread(JsonFields fields) {
        return read(fields.only(WITH_THREAD));
    }

    /**
     * The run to admit, with a fresh id. Its strategy is what this request says, else {@code ofHeader}, else the
     * assistant's, else its thread's, else {@code otherwise}.
     */
    NewRun of(Assistant found, Optional<Strategy> ofHeader, Strategy otherwise) {
        var spec = found.spec();
        var said = strategy.or(() -> ofHeader).or(() -> Optional.ofNullable(spec.strategy()));
        var runSpec = new RunSpec(
                found.id(),
                model.orElse(spec.model()),
                instructions(Objects.requireNonNullElse(spec.instructions(), "")),
                options.over(spec.options()),
                toolUse.over(spec.tools()),
                limits);
        return new NewRun(RunId.fresh(), runSpec, additionalMessages, new StrategyChoice(said, otherwise), metadata);
    }

    private static RunRequest read(JsonFields fields) {
        Unsupported.checkToolResources(fields);
        return new RunRequest(
                OpenAiIds.assistant("assistant_id", fields.requiredText("assistant_id")),
                fields.bool("stream").orElse(false),
                fields.text("model"),
                fields.text("instructions"),
                fields.text("additional_instructions"),
                MessageRequest.readAll(fields, "additional_messages"),
                OptionsRequest.read(fields),
                ToolUseRequest.read(fields),
                LimitsRequest.read(fields),
                StrategyRequest.read(fields),
                fields.metadata().orElse(Map.of()));
    }

    private String instructions(String assistants) {
        return Stream.of(instructions.orElse(assistants), additionalInstructions.orElse(""))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static Set<String> plus(Set<String> names, String... more) {
        var all = new HashSet<>(names);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }
}
