package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A step of a run. Its id is that of its first item but for the prefix. */
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

    /** The member {@code step_details}. */
    sealed interface Details {
        String type();
    }

    record CreationDetails(String type, Creation message_creation) implements Details {}

    record Creation(String message_id) {}

    record CallsDetails(String type, List<Call> tool_calls) implements Details {}

    record Call(String id, String type, Function function) {}

    record Function(String name, String arguments, @Nullable String output) {}

    /** The step as it stands. */
    static StepJson of(Step step, StoredRun run) {
        return of(step, details(step), run);
    }

    /** A step that has just begun, without its calls: clients add up what they are told of them later. */
    static StepJson begun(Step step, StoredRun run) {
        return of(
                step,
                switch (step) {
                    case Step.Creation _ -> details(step);
                    case Step.Calls _ -> calls(List.of());
                },
                run);
    }

    private static StepJson of(Step step, Details details, StoredRun run) {
        var fate = Fate.of(step, run);
        return new StepJson(
                OpenAiIds.step(step.id()),
                "thread.run.step",
                step.first().createdAt().getEpochSecond(),
                Optional.ofNullable(run.spec().assistant())
                        .map(OpenAiIds::assistant)
                        .orElse(""),
                OpenAiIds.thread(run.key().thread().id()),
                OpenAiIds.run(run.key().id()),
                details.type(),
                fate.status(),
                details,
                fate.is("failed") ? run.failure().map(ErrorJson::ofStep).orElse(null) : null,
                Seconds.when(fate.is("expired"), fate.endedAt()),
                Seconds.when(fate.is("cancelled"), fate.endedAt()),
                Seconds.when(fate.is("failed"), fate.endedAt()),
                Seconds.when(fate.is("completed"), fate.endedAt()),
                Map.of(),
                fate.is(Fate.IN_PROGRESS) ? null : UsageJson.of(step.usage()));
    }

    private static Details details(Step step) {
        return switch (step) {
            case Step.Creation creation ->
                new CreationDetails(
                        "message_creation",
                        new Creation(OpenAiIds.message(creation.message().id())));
            case Step.Calls calls ->
                calls(calls.calls().stream().map(StepJson::call).toList());
        };
    }

    private static Details calls(List<Call> calls) {
        return new CallsDetails("tool_calls", calls);
    }

    private static Call call(Step.Call made) {
        var call = made.call();
        var function = new Function(call.name(), call.arguments(), made.answer().orElse(null));
        return new Call(call.call().value(), "function", function);
    }
}
