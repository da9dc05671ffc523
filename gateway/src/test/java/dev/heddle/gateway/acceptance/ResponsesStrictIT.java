package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.asking;
import static dev.heddle.gateway.testing.ResponsesClient.message;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.ResponsesClient.Refusal;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestGateway;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What OpenAI refuses, a strict server refuses, and an open one for keys that are strict. */
@Timeout(120)
class ResponsesStrictIT {
    private static final Refusal LOCKED = new Refusal(
            400,
            "invalid_request_error",
            "conversation_locked",
            "conversation",
            "Another process is currently operating on this conversation. Please retry in a few seconds.");

    private static TestGateway gateway;
    private static TestGateway withKeys;
    private static ResponsesClient responses;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("heddle.compat", "strict"));
        withKeys = TestGateway.start(Map.of("heddle.http.api-keys", "red:sk-open,red:sk-strict;compat=strict"));
        responses = new ResponsesClient(gateway.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        withKeys.close();
    }

    @Test
    void aBusyConversationIsLockedForResponsesAndForItems() {
        String conversation = responses.newConversation();
        try (var running =
                responses.stream("For ever? [[fail=silence@1]]", "background", true, "conversation", conversation)) {
            running.until("response.output_text.delta");

            assertThat(responses.refusal(asking("Me too?", "conversation", conversation)))
                    .isEqualTo(LOCKED);
            assertThat(responses.refusal(asking("Me too?", "conversation", conversation, "stream", true)))
                    .isEqualTo(LOCKED);
            assertThat(responses.refusal(items(conversation))).isEqualTo(LOCKED);

            responses.cancel(running.id());
            running.allOfCancelled();
        }
        assertThat(responses
                        .ask("Now?", "conversation", conversation)
                        .get("status")
                        .stringValue())
                .isEqualTo("completed");
        assertThat(responses.add(conversation, message("user", "Now.")).get("data"))
                .hasSize(1);
    }

    @Test
    void forksAreNotLocked() {
        String root = id(responses.ask("Root?"));
        try (var running =
                responses.stream("For ever? [[fail=silence@1]]", "background", true, "previous_response_id", root)) {
            running.until("response.output_text.delta");

            assertThat(responses
                            .ask("Beside?", "previous_response_id", root)
                            .get("status")
                            .stringValue())
                    .isEqualTo("completed");
            responses.cancel(running.id());
        }
    }

    @Test
    void aKeyMayBeStrictOnAnOpenServer() {
        String conversation = id(sent("sk-strict", "/conversations", Map.of()));
        var forever = asking("For ever? [[fail=silence@1]]", "background", true, "conversation", conversation);
        String running = id(sent("sk-open", "/responses", forever));
        var body = asking("Me too?", "conversation", conversation);

        assertThat(responses.refusal(request("sk-strict", "/responses", body))).isEqualTo(LOCKED);
        assertThat(sent("sk-open", "/responses", body).get("status").stringValue())
                .isEqualTo("completed");

        sent("sk-open", "/responses/" + running + "/cancel", Map.of());
    }

    @Test
    void onlyResponsesOfTheBackgroundThatStreamAreReplayed() {
        String foreground = id(responses.ask("In front?"));
        String background = id(responses.ask("Polled?", "background", true));
        String streamed;
        try (var stream = responses.stream("Streamed?", "background", true)) {
            streamed = id(stream.response());
        }

        for (String response : List.of(foreground, background)) {
            var refusal = responses.refusal(responses.request("/responses/" + response + "?stream=true"));
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.type()).isEqualTo("invalid_request_error");
        }
        try (var replay = responses.replay(streamed)) {
            assertThat(id(replay.response())).isEqualTo(streamed);
        }
    }

    @Test
    void aForegroundStreamThatItsReaderLeavesIsCancelled() {
        String response;
        try (var stream = responses.stream("Who listens? [[fail=silence@2]]")) {
            stream.until("response.output_text.delta");
            response = stream.id();
        }

        assertThat(untilFinal(response)).isIn("cancelled", "incomplete");
    }

    /** Asks until the response has ended; the test's time is the bound. */
    private static String untilFinal(String response) {
        String status = responses.get(response).get("status").stringValue();
        while (status.equals("in_progress")) {
            status = responses.get(response).get("status").stringValue();
        }
        return status;
    }

    private static HttpRequest.Builder items(String conversation) {
        var items = Map.of("items", List.of(message("user", "May I?")));
        return responses.post("/conversations/" + conversation + "/items", items);
    }

    private static HttpRequest.Builder request(String key, String path, Map<String, Object> body) {
        return new ResponsesClient(withKeys.client()).post(path, body).header("authorization", "Bearer " + key);
    }

    private static JsonNode sent(String key, String path, Map<String, Object> body) {
        var answer = withKeys.client().send(request(key, path, body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestClient.JSON.readTree(answer.body());
    }
}
