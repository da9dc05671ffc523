package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.beta.assistants.AssistantStreamEvent;
import com.openai.models.beta.threads.ThreadCreateAndRunParams;
import com.openai.models.beta.threads.messages.Message;
import com.openai.models.beta.threads.messages.MessageDeltaEvent;
import com.openai.models.beta.threads.runs.Run;
import com.openai.models.beta.threads.runs.RunCreateParams;
import com.openai.models.beta.threads.runs.RunStatus;
import com.openai.models.beta.threads.runs.steps.RunStep;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official openai SDK for Java, unmodified, as a reader of streams. */
@Timeout(120)
@SuppressWarnings("deprecation") // OpenAI retires the API that we keep.
class OpenAiJavaStreamsIT {
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
    void aStreamIsTypedAndItsTextIsTheMessage() {
        String thread = sdk.threads.create().id();
        String question = "Is it all typed?";

        List<AssistantStreamEvent> events = sdk.streamed(thread, JavaSdk.asking(sdk.newAssistant(), question));

        assertThat(JavaSdk.kinds(events))
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
                        "thread.run.completed");
        assertThat(JavaSdk.said(events)).isEqualTo(List.of("Answer", " to:", " Is", " it", " all", " typed?"));
        Message message = JavaSdk.completedMessage(events);
        assertThat(JavaSdk.text(message)).isEqualTo(String.join("", JavaSdk.said(events)));
        assertThat(sdk.message(thread, message.id())).isEqualTo(message);
        Run run = events.getLast().asThreadRunCompleted().data();
        assertThat(sdk.run(thread, run.id())).isEqualTo(run);
    }

    @Test
    void aStreamWithItsThreadBeginsWithTheThread() {
        var question = ThreadCreateAndRunParams.Thread.Message.builder()
                .role(ThreadCreateAndRunParams.Thread.Message.Role.USER)
                .content("On a new thread?")
                .build();
        var params = ThreadCreateAndRunParams.builder()
                .assistantId(sdk.newAssistant().id())
                .thread(ThreadCreateAndRunParams.Thread.builder()
                        .addMessage(question)
                        .build())
                .build();

        List<AssistantStreamEvent> events = sdk.streamed(params);

        String thread = events.getFirst().asThreadCreated().data().id();
        assertThat(events.getLast().asThreadRunCompleted().data().threadId()).isEqualTo(thread);
        assertThat(sdk.transcript(thread))
                .extracting(JavaSdk::text)
                .containsExactly("On a new thread?", "Answer to: On a new thread?");
    }

    @Test
    void aRunIsCancelledAndKeepsItsText() {
        String thread = sdk.threads.create().id();
        var question = JavaSdk.asking(sdk.newAssistant(), "For ever? [[chunks=9 fail=silence@3]]");

        try (var stream = sdk.threads.runs().createStreaming(thread, question)) {
            var events = stream.stream().iterator();
            var heard = JavaSdk.untilSpeaking(events);
            Run run = heard.getFirst().asThreadRunCreated().data();
            sdk.cancel(thread, run);
            events.forEachRemaining(heard::add);

            assertThat(JavaSdk.kinds(heard))
                    .endsWith(
                            "thread.run.cancelling",
                            "thread.message.incomplete",
                            "thread.run.step.cancelled",
                            "thread.run.cancelled");
            assertThat(sdk.run(thread, run.id()).status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(JavaSdk.text(sdk.transcript(thread).getLast())).isEqualTo(String.join("", JavaSdk.said(heard)));
        }
    }

    @Test
    void aModelThatDiesIsAFailedRunWithItsText() {
        String thread = sdk.threads.create().id();

        List<AssistantStreamEvent> events =
                sdk.streamed(thread, JavaSdk.asking(sdk.newAssistant(), "Will you last? [[chunks=9 fail=reset@4]]"));

        assertThat(JavaSdk.kinds(events))
                .endsWith("thread.message.incomplete", "thread.run.step.failed", "thread.run.failed");
        Run run = events.getLast().asThreadRunFailed().data();
        assertThat(run.lastError().orElseThrow().code()).isEqualTo(Run.LastError.Code.SERVER_ERROR);
        assertThat(JavaSdk.text(sdk.transcript(thread).getLast())).isEqualTo("Answer to: Will you");
        assertThat(sdk.steps(thread, run.id(), 100)).extracting(RunStep::status).containsExactly(RunStep.Status.FAILED);
    }

    @Test
    void twoStreamsAtOnceOnOneThreadNeverMix() {
        String thread = sdk.threads.create().id();
        var assistant = sdk.newAssistant();

        try (var left = sdk.threads
                        .runs()
                        .createStreaming(thread, JavaSdk.asking(assistant, "Left? [[chunks=150 delay=20ms]]"));
                var right = sdk.threads
                        .runs()
                        .createStreaming(thread, JavaSdk.asking(assistant, "Right? [[chunks=150 delay=20ms]]"))) {
            var leftEvents = left.stream().iterator();
            var rightEvents = right.stream().iterator();
            var leftHeard = JavaSdk.untilSpeaking(leftEvents);
            var rightHeard = JavaSdk.untilSpeaking(rightEvents);
            Run leftRun = leftHeard.getFirst().asThreadRunCreated().data();
            assertThat(sdk.run(thread, leftRun.id()).status())
                    .as("the left run, when the right one speaks")
                    .isEqualTo(RunStatus.IN_PROGRESS);
            leftEvents.forEachRemaining(leftHeard::add);
            rightEvents.forEachRemaining(rightHeard::add);

            assertOnlyItsOwn(leftHeard, "Answer to: Left? w3 w4");
            assertOnlyItsOwn(rightHeard, "Answer to: Right? w3 w4");
        }
    }

    @Test
    void aMessageIsAddedWhileARunIsActive() {
        String thread = sdk.threads.create().id();
        var assistant = sdk.newAssistant();

        try (var stream =
                sdk.threads.runs().createStreaming(thread, JavaSdk.asking(assistant, "First? [[fail=silence@1]]"))) {
            var events = stream.stream().iterator();
            Run active = JavaSdk.untilSpeaking(events)
                    .getFirst()
                    .asThreadRunCreated()
                    .data();
            sdk.ask(thread, "Second?");
            assertThat(sdk.run(thread, active.id()).status()).isEqualTo(RunStatus.IN_PROGRESS);
            sdk.cancel(thread, active);
            events.forEachRemaining(_ -> {});
        }
        sdk.completed(
                thread,
                sdk.threads
                        .runs()
                        .create(
                                thread,
                                RunCreateParams.builder()
                                        .assistantId(assistant.id())
                                        .build()));

        assertThat(sdk.transcript(thread))
                .extracting(JavaSdk::text)
                .containsExactly("First? [[fail=silence@1]]", "Answer", "Second?", "Answer to: Second?");
    }

    private static void assertOnlyItsOwn(List<AssistantStreamEvent> events, String start) {
        String run = events.getFirst().asThreadRunCreated().data().id();
        Message message = JavaSdk.completedMessage(events);
        assertThat(JavaSdk.text(message)).startsWith(start).endsWith(" w148 w149");
        assertThat(message.runId()).contains(run);
        assertThat(JavaSdk.said(events)).hasSize(150);
        assertThat(String.join("", JavaSdk.said(events))).isEqualTo(JavaSdk.text(message));
        assertThat(JavaSdk.deltas(events).map(MessageDeltaEvent::id)).containsOnly(message.id());
        assertThat(JavaSdk.kinds(events)).doesNotHaveDuplicates().endsWith("thread.run.completed");
        assertThat(events.getLast().asThreadRunCompleted().data().id()).isEqualTo(run);
    }
}
