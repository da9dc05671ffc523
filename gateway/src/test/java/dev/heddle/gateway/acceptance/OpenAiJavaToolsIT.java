package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.errors.BadRequestException;
import com.openai.models.FunctionDefinition;
import com.openai.models.beta.assistants.Assistant;
import com.openai.models.beta.assistants.AssistantCreateParams;
import com.openai.models.beta.assistants.AssistantStreamEvent;
import com.openai.models.beta.threads.runs.RequiredActionFunctionToolCall;
import com.openai.models.beta.threads.runs.Run;
import com.openai.models.beta.threads.runs.RunStatus;
import com.openai.models.beta.threads.runs.RunSubmitToolOutputsParams;
import com.openai.models.beta.threads.runs.steps.RunStep;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official openai SDK for Java, unmodified, as a client that brings outputs of functions. */
@Timeout(120)
@SuppressWarnings("deprecation") // OpenAI retires the API that we keep.
class OpenAiJavaToolsIT {
    private static final String QUESTION = "And? [[text=Look: call=weather({\"city\":\"Paris\"}) call=time({})]]";

    private static JavaSdk sdk;

    @BeforeAll
    static void start() {
        sdk = JavaSdk.start();
    }

    @AfterAll
    static void stop() {
        sdk.close();
    }

    @Test
    void aStreamEndsAtTheCallsAndTheStreamOfTheirOutputsGoesOn() {
        String thread = sdk.threads.create().id();

        List<AssistantStreamEvent> first = sdk.streamed(thread, JavaSdk.asking(assistant(), QUESTION));
        Run paused = first.getLast().asThreadRunRequiresAction().data();
        List<AssistantStreamEvent> second = streamed(paused, outputs(paused));

        assertThat(JavaSdk.kinds(first))
                .containsExactly(
                        "thread.run.created",
                        "thread.run.queued",
                        "thread.run.in_progress",
                        "thread.run.step.created",
                        "thread.run.step.in_progress",
                        "thread.message.created",
                        "thread.message.in_progress",
                        "thread.message.delta",
                        "thread.message.completed",
                        "thread.run.step.completed",
                        "thread.run.step.created",
                        "thread.run.step.in_progress",
                        "thread.run.step.delta",
                        "thread.run.requires_action");
        assertThat(calls(paused)).extracting(call -> call.function().name()).containsExactly("weather", "time");
        assertThat(JavaSdk.kinds(second))
                .startsWith("thread.run.step.completed", "thread.run.queued", "thread.run.in_progress")
                .endsWith("thread.message.completed", "thread.run.step.completed", "thread.run.completed");
        assertThat(JavaSdk.text(JavaSdk.completedMessage(second))).isEqualTo("Outputs: weather=42; time=42");
    }

    @Test
    void polledRunsPauseAndTheirStepsShowCallsAndOutputs() {
        String thread = sdk.threads.create().id();
        Run paused = untilPaused(thread, sdk.threads.runs().create(thread, JavaSdk.asking(assistant(), QUESTION)));

        Run queued = sdk.threads.runs().submitToolOutputs(paused.id(), params(paused, outputs(paused)));
        sdk.completed(thread, queued);

        assertThat(queued.requiredAction()).isEmpty();
        List<RunStep> steps = sdk.steps(thread, paused.id(), 2).reversed();
        assertThat(steps).extracting(RunStep::status).containsOnly(RunStep.Status.COMPLETED);
        assertThat(steps.get(1).stepDetails().asToolCalls().toolCalls())
                .extracting(call -> call.asFunction().function().output().orElseThrow())
                .containsExactly("42", "42");
    }

    @Test
    void outputsForAnotherSetOfCallsAreRefused() {
        String thread = sdk.threads.create().id();
        Run paused = untilPaused(thread, sdk.threads.runs().create(thread, JavaSdk.asking(assistant(), QUESTION)));

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> sdk.threads
                        .runs()
                        .submitToolOutputs(
                                paused.id(), params(paused, outputs(paused).subList(0, 1))))
                .withMessageContaining("Expected tool outputs for call_ids");
        sdk.cancel(thread, paused);
    }

    private static Assistant assistant() {
        return sdk.assistants.create(AssistantCreateParams.builder()
                .model("scripted")
                .addFunctionTool(FunctionDefinition.builder().name("weather").build())
                .addFunctionTool(FunctionDefinition.builder().name("time").build())
                .build());
    }

    private static Run untilPaused(String thread, Run created) {
        Run run = created;
        while (run.status().equals(RunStatus.QUEUED) || run.status().equals(RunStatus.IN_PROGRESS)) {
            run = sdk.run(thread, run.id());
        }
        assertThat(run.status()).isEqualTo(RunStatus.REQUIRES_ACTION);
        return run;
    }

    private static List<RequiredActionFunctionToolCall> calls(Run paused) {
        return paused.requiredAction().orElseThrow().submitToolOutputs().toolCalls();
    }

    private static List<RunSubmitToolOutputsParams.ToolOutput> outputs(Run paused) {
        return calls(paused).stream()
                .map(call -> RunSubmitToolOutputsParams.ToolOutput.builder()
                        .toolCallId(call.id())
                        .output("42")
                        .build())
                .toList();
    }

    private static RunSubmitToolOutputsParams params(Run run, List<RunSubmitToolOutputsParams.ToolOutput> outputs) {
        return RunSubmitToolOutputsParams.builder()
                .threadId(run.threadId())
                .toolOutputs(outputs)
                .build();
    }

    private static List<AssistantStreamEvent> streamed(Run run, List<RunSubmitToolOutputsParams.ToolOutput> outputs) {
        try (var response = sdk.threads.runs().submitToolOutputsStreaming(run.id(), params(run, outputs))) {
            return response.stream().toList();
        }
    }
}
