package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.beta.assistants.Assistant;
import com.openai.models.beta.assistants.AssistantCreateParams;
import com.openai.models.beta.assistants.AssistantListParams;
import com.openai.models.beta.assistants.AssistantUpdateParams;
import com.openai.models.beta.threads.ThreadCreateParams;
import com.openai.models.beta.threads.ThreadUpdateParams;
import com.openai.models.beta.threads.messages.Message;
import com.openai.models.beta.threads.messages.MessageListParams;
import com.openai.models.beta.threads.messages.MessageUpdateParams;
import com.openai.models.beta.threads.runs.Run;
import com.openai.models.beta.threads.runs.RunListParams;
import com.openai.models.beta.threads.runs.steps.RunStep;
import com.openai.models.beta.threads.runs.steps.StepRetrieveParams;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official openai SDK for Java, unmodified, as a user of everything but streams. */
@Timeout(120)
@SuppressWarnings("deprecation") // OpenAI retires the API that we keep.
class OpenAiJavaIT {
    private static final String NOBODY = "A".repeat(24);

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
    void anAssistantIsCreatedReadModifiedAndDeleted() {
        var created = sdk.assistants.create(AssistantCreateParams.builder()
                .model("scripted")
                .name("Weaver")
                .instructions("Weave.")
                .temperature(0.5)
                .build());
        assertThat(sdk.assistants.retrieve(created.id())).isEqualTo(created);

        var modified = sdk.assistants.update(
                created.id(), AssistantUpdateParams.builder().name("Spinner").build());
        assertThat(modified).isEqualTo(created.toBuilder().name("Spinner").build());

        assertThat(sdk.assistants.delete(created.id()).deleted()).isTrue();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> sdk.assistants.retrieve(created.id()));
    }

    @Test
    void aThreadIsCreatedWithMessagesReadModifiedAndDeleted() {
        var created = sdk.threads.create(ThreadCreateParams.builder()
                .addMessage(ThreadCreateParams.Message.builder()
                        .role(ThreadCreateParams.Message.Role.USER)
                        .content("One")
                        .build())
                .build());
        assertThat(sdk.threads.retrieve(created.id())).isEqualTo(created);
        assertThat(sdk.transcript(created.id())).extracting(JavaSdk::text).containsExactly("One");

        var metadata = ThreadUpdateParams.Metadata.builder()
                .putAdditionalProperty("topic", JsonValue.from("numbers"))
                .build();
        var modified = sdk.threads.update(
                created.id(), ThreadUpdateParams.builder().metadata(metadata).build());
        assertThat(modified.metadata().orElseThrow()._additionalProperties())
                .containsEntry("topic", JsonValue.from("numbers"));

        assertThat(sdk.threads.delete(created.id()).deleted()).isTrue();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> sdk.threads.retrieve(created.id()));
    }

    @Test
    void aMessageIsCreatedReadAndModified() {
        String thread = sdk.threads.create().id();

        var created = sdk.ask(thread, "Hi");
        var metadata = MessageUpdateParams.Metadata.builder()
                .putAdditionalProperty("seen", JsonValue.from("yes"))
                .build();
        var modified = sdk.threads
                .messages()
                .update(
                        created.id(),
                        MessageUpdateParams.builder()
                                .threadId(thread)
                                .metadata(metadata)
                                .build());

        assertThat(JavaSdk.text(created)).isEqualTo("Hi");
        assertThat(sdk.message(thread, created.id())).isEqualTo(modified);
        assertThat(modified.metadata().orElseThrow()._additionalProperties())
                .containsEntry("seen", JsonValue.from("yes"));
    }

    @Test
    void listsPageThemselves() {
        String thread = sdk.threads.create().id();
        var created = IntStream.range(0, 7)
                .mapToObj(i -> sdk.ask(thread, "Message " + i).id())
                .toList();

        for (int limit : List.of(1, 2, 3, 7, 100)) {
            var params = MessageListParams.builder()
                    .limit(limit)
                    .order(MessageListParams.Order.ASC)
                    .build();
            assertThat(sdk.threads.messages().list(thread, params).autoPager().stream())
                    .extracting(Message::id)
                    .isEqualTo(created);
        }
        assertThat(sdk.threads.messages().list(thread).autoPager().stream())
                .extracting(Message::id)
                .isEqualTo(created.reversed());
    }

    @Test
    void assistantsRunsAndStepsPageThemselvesToo() {
        String thread = sdk.threads.create().id();
        var assistant = sdk.newAssistant();
        var runs = IntStream.range(0, 3)
                .mapToObj(i ->
                        sdk.completed(thread, sdk.threads.runs().create(thread, JavaSdk.asking(assistant, "Run " + i))))
                .map(Run::id)
                .toList();

        var byOne =
                RunListParams.builder().limit(1).order(RunListParams.Order.ASC).build();
        assertThat(sdk.threads.runs().list(thread, byOne).autoPager().stream())
                .extracting(Run::id)
                .isEqualTo(runs);
        assertThat(sdk.steps(thread, runs.getFirst(), 1)).hasSize(1);
        assertThat(sdk.assistants.list(AssistantListParams.builder().limit(1).build()).autoPager().stream())
                .extracting(Assistant::id)
                .contains(assistant.id())
                .doesNotHaveDuplicates();
    }

    @Test
    void aRunIsPolledToItsEnd() {
        String thread = sdk.threads.create().id();

        var question = JavaSdk.asking(sdk.newAssistant(), "How long? [[delay=20ms]]");
        Run run = sdk.completed(thread, sdk.threads.runs().create(thread, question));

        assertThat(run.usage().orElseThrow().completionTokens()).isPositive();
        assertThat(run.instructions()).isEmpty();
        List<RunStep> steps = sdk.steps(thread, run.id(), 100);
        assertThat(steps).hasSize(1);
        RunStep step = steps.getFirst();
        assertThat(step.status()).isEqualTo(RunStep.Status.COMPLETED);
        String message =
                step.stepDetails().asMessageCreation().messageCreation().messageId();
        assertThat(JavaSdk.text(sdk.message(thread, message))).isEqualTo("Answer to: How long?");
        assertThat(sdk.run(thread, run.id())).isEqualTo(run);
        var params = StepRetrieveParams.builder().threadId(thread).runId(run.id());
        assertThat(sdk.threads.runs().steps().retrieve(step.id(), params.build()))
                .isEqualTo(step);
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> sdk.assistants.retrieve("asst_" + NOBODY))
                .withMessageContaining("No assistant found with id 'asst_" + NOBODY + "'.")
                .satisfies(error -> assertThat(error.headers().values("x-request-id"))
                        .hasSize(1)
                        .allMatch(id -> id.startsWith("req_")));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> sdk.streamed("thread_" + NOBODY, JavaSdk.asking(sdk.newAssistant(), "Anybody?")))
                .withMessageContaining("No thread found with id 'thread_" + NOBODY + "'.");
    }

    @Test
    void whatIsAskedWronglyIsABadRequest() {
        String thread = sdk.threads.create().id();

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> sdk.threads
                        .messages()
                        .list(thread, MessageListParams.builder().limit(101).build()))
                .withMessageContaining(
                        "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.")
                .satisfies(error -> assertThat(error.param()).contains("limit"))
                .satisfies(error -> assertThat(error.code()).contains("integer_above_max_value"))
                .satisfies(error -> assertThat(error.type()).contains("invalid_request_error"));
    }
}
