package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonField;
import com.openai.models.beta.assistants.Assistant;
import com.openai.models.beta.assistants.AssistantCreateParams;
import com.openai.models.beta.assistants.AssistantStreamEvent;
import com.openai.models.beta.threads.ThreadCreateAndRunParams;
import com.openai.models.beta.threads.messages.Message;
import com.openai.models.beta.threads.messages.MessageCreateParams;
import com.openai.models.beta.threads.messages.MessageDeltaEvent;
import com.openai.models.beta.threads.messages.MessageListParams;
import com.openai.models.beta.threads.messages.MessageRetrieveParams;
import com.openai.models.beta.threads.messages.TextDelta;
import com.openai.models.beta.threads.runs.Run;
import com.openai.models.beta.threads.runs.RunCancelParams;
import com.openai.models.beta.threads.runs.RunCreateParams;
import com.openai.models.beta.threads.runs.RunRetrieveParams;
import com.openai.models.beta.threads.runs.RunStatus;
import com.openai.models.beta.threads.runs.steps.RunStep;
import com.openai.models.beta.threads.runs.steps.StepListParams;
import com.openai.services.blocking.beta.AssistantService;
import com.openai.services.blocking.beta.ThreadService;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A gateway and the official openai SDK for Java, unmodified, as its user. The SDK validates every object and event that
 * it is sent: one that the API reference does not know, or that lacks a member, throws. It never tries twice.
 */
@SuppressWarnings("deprecation") // OpenAI retires the API that we keep.
final class JavaSdk implements AutoCloseable {
    private final TestGateway gateway = TestGateway.start();
    private final OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl(gateway.baseUrl().toString())
            .apiKey("unused")
            .maxRetries(0)
            .responseValidation(true)
            .build();
    final AssistantService assistants = client.beta().assistants();
    final ThreadService threads = client.beta().threads();

    private JavaSdk() {}

    static JavaSdk start() {
        return new JavaSdk();
    }

    @Override
    public void close() {
        client.close();
        gateway.close();
    }

    Assistant newAssistant() {
        return assistants.create(
                AssistantCreateParams.builder().model("scripted").build());
    }

    static RunCreateParams asking(Assistant assistant, String question) {
        return RunCreateParams.builder()
                .assistantId(assistant.id())
                .addAdditionalMessage(RunCreateParams.AdditionalMessage.builder()
                        .role(RunCreateParams.AdditionalMessage.Role.USER)
                        .content(question)
                        .build())
                .build();
    }

    Message ask(String thread, String question) {
        var params = MessageCreateParams.builder()
                .role(MessageCreateParams.Role.USER)
                .content(question)
                .build();
        return threads.messages().create(thread, params);
    }

    Message message(String thread, String id) {
        return threads.messages()
                .retrieve(id, MessageRetrieveParams.builder().threadId(thread).build());
    }

    List<Message> transcript(String thread) {
        var params =
                MessageListParams.builder().order(MessageListParams.Order.ASC).build();
        return threads.messages().list(thread, params).autoPager().stream().toList();
    }

    static String text(Message message) {
        return message.content().getFirst().asText().text().value();
    }

    Run run(String thread, String id) {
        return threads.runs()
                .retrieve(id, RunRetrieveParams.builder().threadId(thread).build());
    }

    Run completed(String thread, Run created) {
        Run run = created;
        while (run.status().equals(RunStatus.QUEUED) || run.status().equals(RunStatus.IN_PROGRESS)) {
            run = run(thread, run.id());
        }
        assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
        return run;
    }

    void cancel(String thread, Run run) {
        threads.runs()
                .cancel(run.id(), RunCancelParams.builder().threadId(thread).build());
    }

    List<RunStep> steps(String thread, String run, long limit) {
        var params = StepListParams.builder().threadId(thread).limit(limit).build();
        return threads.runs().steps().list(run, params).autoPager().stream().toList();
    }

    List<AssistantStreamEvent> streamed(String thread, RunCreateParams params) {
        try (var response = threads.runs().createStreaming(thread, params)) {
            return response.stream().toList();
        }
    }

    List<AssistantStreamEvent> streamed(ThreadCreateAndRunParams params) {
        try (var response = threads.createAndRunStreaming(params)) {
            return response.stream().toList();
        }
    }

    /** The events up to and including the first piece of text. */
    static List<AssistantStreamEvent> untilSpeaking(Iterator<AssistantStreamEvent> events) {
        var heard = new ArrayList<AssistantStreamEvent>();
        do {
            heard.add(events.next());
        } while (!heard.getLast().isThreadMessageDelta());
        return heard;
    }

    /** The names of the events, deltas in a row as one. */
    static List<String> kinds(List<AssistantStreamEvent> events) {
        var kinds = new ArrayList<String>();
        for (var event : events) {
            String kind = kind(event);
            if (kinds.isEmpty() || !kinds.getLast().equals(kind)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private static String kind(AssistantStreamEvent event) {
        JsonField<?> json = event._json().orElseThrow();
        return json.asObject().orElseThrow().get("event").asStringOrThrow();
    }

    static List<String> said(List<AssistantStreamEvent> events) {
        return deltas(events)
                .flatMap(delta -> delta.delta().content().stream())
                .flatMap(List::stream)
                .map(content ->
                        content.asText().text().flatMap(TextDelta::value).orElseThrow())
                .toList();
    }

    static Stream<MessageDeltaEvent> deltas(List<AssistantStreamEvent> events) {
        return events.stream()
                .map(AssistantStreamEvent::threadMessageDelta)
                .flatMap(Optional::stream)
                .map(AssistantStreamEvent.ThreadMessageDelta::data);
    }

    static Message completedMessage(List<AssistantStreamEvent> events) {
        return events.stream()
                .map(AssistantStreamEvent::threadMessageCompleted)
                .flatMap(Optional::stream)
                .map(AssistantStreamEvent.ThreadMessageCompleted::data)
                .findFirst()
                .orElseThrow();
    }
}
