package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.acceptance.ResponsesSocketIT.assertRefused;
import static dev.heddle.gateway.testing.ResponsesClient.text;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.ResponsesSocketClient;
import dev.heddle.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What responses on a socket go on from: what the socket has, and what is stored. */
@Timeout(120)
class ResponsesSocketChainsIT {
    private static final String PARENT = "previous_response_id";
    private static final String NOT_FOUND = "previous_response_not_found";
    private static final List<Map<String, String>> OUTPUT_OF_NO_CALL =
            List.of(Map.of("type", "function_call_output", "call_id", "call_none", "output", "?"));

    private static TestGateway gateway;

    private ResponsesSocketClient socket;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void open() {
        socket = ResponsesSocketClient.open(gateway.baseUrl());
    }

    @AfterEach
    void close() {
        socket.close();
    }

    @Test
    void aStreamGoesOnFromItsLatestResponseThoughItIsNotStored() {
        String first = unstored("a", "One?");

        String second = id(socket.ask("a", "Two?", "store", false, PARENT, first));
        var third = socket.ask("a", "Three? [[saw]]", "store", false, PARENT, second);

        assertThat(text(third)).contains("One?", "Answer to: One?", "Two?", "Answer to: Two?");
        assertNotStored(first);
        assertNotStored(second);
    }

    @Test
    void anotherStreamGoesOnFromItToo() {
        String parent = unstored("a", "Trunk?");

        var fork = socket.ask("b", "Fork? [[saw]]", "store", false, PARENT, parent);
        var trunk = socket.ask("a", "Trunk again? [[saw]]", "store", false, PARENT, parent);

        assertThat(text(fork)).contains("Trunk?").doesNotContain("Trunk again");
        assertThat(text(trunk)).contains("Trunk?").doesNotContain("Fork?");
    }

    @Test
    void theDefaultStreamIsOneToo() {
        String parent = unstored("", "Default?");

        assertThat(text(socket.ask("a", "Fork? [[saw]]", "store", false, PARENT, parent)))
                .contains("Default?");
        assertThat(text(socket.ask("", "On? [[saw]]", "store", false, PARENT, parent)))
                .contains("Default?");
    }

    @Test
    void onlyTheLatestResponseOfAStreamIsKept() {
        String first = unstored("a", "One?");
        unstored("a", "Another chain?");

        socket.create("a", "On?", "store", false, PARENT, first);

        assertRefused(socket.refusal("a"), NOT_FOUND, PARENT);
    }

    @Test
    void aContinuationThatFailsOnItsOwnStreamLetsItsParentGo() {
        String parent = unstored("a", "One?");

        socket.create("a", OUTPUT_OF_NO_CALL, "store", false, PARENT, parent);
        assertRefused(socket.refusal("a"), "invalid_request_error", "input");

        socket.create("a", "Again?", "store", false, PARENT, parent);
        assertRefused(socket.refusal("a"), NOT_FOUND, PARENT);
        socket.create("b", "From here?", "store", false, PARENT, parent);
        assertRefused(socket.refusal("b"), NOT_FOUND, PARENT);
    }

    @Test
    void soDoesOneThatCanNotBeRead() {
        String parent = unstored("a", "One?");

        socket.create("a", "Hot?", "store", false, "temperature", 3, PARENT, parent);
        assertRefused(socket.refusal("a"), "decimal_above_max_value", "temperature");

        socket.create("a", "Again?", "store", false, PARENT, parent);
        assertRefused(socket.refusal("a"), NOT_FOUND, PARENT);
    }

    @Test
    void aForkThatFailsLeavesItsParent() {
        String parent = unstored("a", "One?");

        socket.create("b", OUTPUT_OF_NO_CALL, "store", false, PARENT, parent);
        assertRefused(socket.refusal("b"), "invalid_request_error", "input");
        socket.create("b", "Hot?", "store", false, "temperature", 3, PARENT, parent);
        assertRefused(socket.refusal("b"), "decimal_above_max_value", "temperature");

        assertThat(text(socket.ask("b", "Fork? [[saw]]", "store", false, PARENT, parent)))
                .contains("One?");
        assertThat(text(socket.ask("a", "On? [[saw]]", "store", false, PARENT, parent)))
                .contains("One?");
    }

    @Test
    void whatIsStoredIsStillThereAfterAFailure() {
        String parent = id(socket.ask("a", "One?"));

        socket.create("a", OUTPUT_OF_NO_CALL, PARENT, parent);
        assertRefused(socket.refusal("a"), "invalid_request_error", "input");

        assertThat(text(socket.ask("a", "On? [[saw]]", PARENT, parent))).contains("One?");
    }

    @Test
    void anotherSocketHasWhatIsStoredAndNothingElse() {
        String stored = id(socket.ask("a", "Stored?"));
        String unstored = unstored("b", "Not stored?");
        socket.close();

        open();

        assertThat(text(socket.ask("a", "On? [[saw]]", "store", false, PARENT, stored)))
                .contains("Stored?");
        socket.create("b", "On?", "store", false, PARENT, unstored);
        assertRefused(socket.refusal("b"), NOT_FOUND, PARENT);
    }

    @Test
    void nothingGoesOnFromAResponseThatIsStillMade() {
        socket.create("a", "Never? [[fail=silence@1]]", "store", false);
        String running = socket.next("a").json().at("/response/id").stringValue();

        socket.create("b", "On?", "store", false, PARENT, running);

        assertRefused(socket.refusal("b"), "previous_response_not_final", PARENT);
    }

    @Test
    void outputsOfCallsGoOnFromTheCalls() {
        socket.create(
                "a",
                "Weather? [[call=weather({})]]",
                "store",
                false,
                "tools",
                List.of(ResponsesClient.function("weather")));
        JsonNode asked = socket.response("a");
        var output = ResponsesClient.output(ResponsesClient.calls(asked).getFirst(), "sun");

        var answer = socket.ask("a", List.of(output), "store", false, PARENT, id(asked));

        assertThat(text(answer)).contains("weather=sun");
    }

    @Test
    void aConversationIsGoneOnWithWithoutAParent() {
        var http = new ResponsesClient(gateway.client());
        String conversation = http.newConversation();

        socket.ask("a", "One?", "conversation", conversation);
        var second = socket.ask("b", "Two? [[saw]]", "conversation", conversation);

        assertThat(text(second)).contains("One?");
        assertThat(http.transcript(conversation, 10)).hasSize(4);
    }

    private String unstored(String stream, String question) {
        return id(socket.ask(stream, question, "store", false));
    }

    private static void assertNotStored(String response) {
        assertThat(gateway.client()
                        .send(gateway.client().request("/responses/" + response).GET())
                        .statusCode())
                .isEqualTo(404);
    }
}
