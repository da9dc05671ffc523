package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.asking;
import static dev.heddle.gateway.testing.ResponsesClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.TestGateway;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What becomes of a response whose client goes away before its end. */
@Timeout(120)
class ResponsesDisconnectIT {
    private static final String LONG = "Tell [[text=\"one two three four\" chunks=4 delay=300ms]]";
    private static final String ENDLESS = "Tell [[chunks=2 fail=silence@1]]";

    private static TestGateway gateway;
    private static TestGateway strict;
    private static ResponsesClient responses;
    private static ResponsesClient strictly;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        strict = TestGateway.start(Map.of("heddle.compat", "strict"));
        responses = new ResponsesClient(gateway.client());
        strictly = new ResponsesClient(strict.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        strict.close();
    }

    @Test
    void aForegroundStreamGoesOnWithoutItsClient() {
        String id = leave(responses, LONG);

        JsonNode response = ended(responses, id);

        assertThat(response.get("status").stringValue()).isEqualTo("completed");
        assertThat(text(response)).isEqualTo("one two three four");
    }

    @Test
    void aForegroundStreamThatIsToEndWithItsClientIsStopped() {
        String id = leave(responses, ENDLESS, "on_disconnect", "cancel");

        assertThat(ended(responses, id).get("status").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void aStrictServerStopsAForegroundStreamUnlessItIsToGoOn() {
        String stopped = leave(strictly, ENDLESS);
        String goesOn = leave(strictly, LONG, "on_disconnect", "continue");

        assertThat(ended(strictly, stopped).get("status").stringValue()).isEqualTo("cancelled");
        assertThat(ended(strictly, goesOn).get("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void aBackgroundStreamNeverEndsWithItsClient() {
        String id = leave(strictly, LONG, "background", true);

        assertThat(ended(strictly, id).get("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void whoeverWaitsForTheObjectIsAClientToo() {
        String conversation = strictly.newConversation();
        try (var http = HttpClient.newHttpClient()) {
            var request = strictly.post("/responses", asking(ENDLESS, "conversation", conversation))
                    .build();
            var answer = http.sendAsync(request, BodyHandlers.ofString());
            String response = runOf(conversation);

            answer.cancel(true);

            assertThat(ended(strictly, response).get("status").stringValue()).isEqualTo("cancelled");
        }
    }

    /** Streams a response, hears its first text, and goes. */
    private static String leave(ResponsesClient client, String question, Object... members) {
        try (var stream = client.stream(question, members)) {
            stream.until("response.output_text.delta");
            return stream.id();
        }
    }

    private static JsonNode ended(ResponsesClient client, String id) {
        JsonNode response = client.get(id);
        while (response.get("status").stringValue().matches("queued|in_progress")) {
            response = client.get(id);
        }
        return response;
    }

    /** The response that is being made in a conversation, once it is at work. */
    private static String runOf(String conversation) {
        String path = "/threads/" + conversation.replace("conv_", "thread_") + "/runs";
        while (true) {
            for (JsonNode run : strict.client().list(path, 1)) {
                if (run.get("status").stringValue().equals("in_progress")) {
                    return run.get("id").stringValue().replace("run_", "resp_");
                }
            }
        }
    }
}
