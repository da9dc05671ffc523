package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.conversations.items.ItemListParams;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official openai SDK for Java, unmodified, as a client of the Responses API; it validates all that it is sent. */
@Timeout(120)
class OpenAiJavaResponsesIT {
    private static TestGateway gateway;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        client = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.baseUrl().toString())
                .apiKey("unused")
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void aStreamAddsUpToTheResponseThatIsStored() {
        var accumulator = ResponseAccumulator.createWithSnapshots();
        try (var stream =
                client.responses().createStreaming(asking("Hello [[chunks=20]]").build())) {
            stream.stream().forEach(accumulator::accumulate);
        }

        Response streamed = accumulator.response();

        assertThat(streamed.status()).contains(ResponseStatus.COMPLETED);
        assertThat(accumulator.reconstructedResponse().output()).isEqualTo(streamed.output());
        assertThat(client.responses().retrieve(streamed.id())).isEqualTo(streamed);
    }

    @Test
    void aBackgroundResponseIsStreamedAgainFromBehindAnyOfItsEvents() {
        Response created = client.responses()
                .create(asking("Hello [[chunks=8]]").background(true).build());

        List<ResponseStreamEvent> whole = events(client.responses().retrieveStreaming(created.id()));
        var behind = ResponseRetrieveParams.builder()
                .responseId(created.id())
                .startingAfter(4)
                .build();

        assertThat(events(client.responses().retrieveStreaming(behind))).isEqualTo(whole.subList(5, whole.size()));
        assertThat(whole.getLast().isCompleted()).isTrue();
    }

    @Test
    void outputsOfFunctionsLetTheNextResponseGoOn() {
        Response asked = client.responses()
                .create(asking("And? [[call=weather({\"city\":\"Paris\"}) call=time({})]]")
                        .addTool(function("weather"))
                        .addTool(function("time"))
                        .build());
        List<ResponseFunctionToolCall> calls = asked.output().stream()
                .map(ResponseOutputItem::functionCall)
                .flatMap(Optional::stream)
                .toList();

        Response answered = client.responses()
                .create(ResponseCreateParams.builder()
                        .model("scripted")
                        .previousResponseId(asked.id())
                        .inputOfResponse(calls.stream()
                                .map(OpenAiJavaResponsesIT::output)
                                .toList())
                        .addTool(function("weather"))
                        .addTool(function("time"))
                        .build());

        assertThat(calls).extracting(ResponseFunctionToolCall::name).containsExactly("weather", "time");
        assertThat(text(answered)).isEqualTo("Outputs: weather=42; time=42");
    }

    @Test
    void aConversationKeepsWhatItsResponsesSaid() {
        String conversation = client.conversations().create().id();
        client.responses()
                .create(asking("One [[text=First]]").conversation(conversation).build());
        client.responses()
                .create(asking("Two [[text=Second]]").conversation(conversation).build());

        var items = client.conversations()
                .items()
                .list(
                        conversation,
                        ItemListParams.builder().order(ItemListParams.Order.ASC).build());

        assertThat(items.autoPager().stream()
                        .map(item -> item.asMessage().content().getFirst())
                        .map(part -> part.isInputText()
                                ? part.asInputText().text()
                                : part.asOutputText().text()))
                .containsExactly("One [[text=First]]", "First", "Two [[text=Second]]", "Second");
    }

    @Test
    void whatWasDeletedCannotBeGoneOnFrom() {
        Response deleted = client.responses().create(asking("Hello").build());
        client.responses().delete(deleted.id());

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> client.responses().retrieve(deleted.id()));
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.responses()
                        .create(asking("More").previousResponseId(deleted.id()).build()))
                .satisfies(refused -> assertThat(refused.code()).contains("previous_response_not_found"));
    }

    private static ResponseCreateParams.Builder asking(String question) {
        return ResponseCreateParams.builder().model("scripted").input(question);
    }

    private static FunctionTool function(String name) {
        return FunctionTool.builder()
                .name(name)
                .parameters(Optional.empty())
                .strict(false)
                .build();
    }

    private static ResponseInputItem output(ResponseFunctionToolCall call) {
        return ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output("42")
                .build());
    }

    private static List<ResponseStreamEvent> events(StreamResponse<ResponseStreamEvent> response) {
        try (response) {
            return response.stream().toList();
        }
    }

    private static String text(Response response) {
        return response.output().stream()
                .map(ResponseOutputItem::message)
                .flatMap(Optional::stream)
                .flatMap(message -> message.content().stream())
                .map(part -> part.asOutputText().text())
                .collect(Collectors.joining());
    }
}
