package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.asking;
import static dev.heddle.gateway.testing.ResponsesClient.text;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponseStream;
import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What a response does beside one that is being made in its conversation, as its request says. */
@Timeout(120)
class ResponsesStrategiesIT {
    private static final String HALF = "First? [[text=\"Half of it\" chunks=2 fail=silence@1]]";
    private static final String SECOND = "Second? [[text=Second.]]";

    private static TestGateway gateway;
    private static ResponsesClient responses;

    private String conversation = "";

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("heddle.threads.max-running-runs", 2, "heddle.threads.max-queued-runs", 1));
        responses = new ResponsesClient(gateway.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void begin() {
        conversation = responses.newConversation();
    }

    @Test
    void rejectedItStoresNothing() {
        try (var first = half()) {
            var refusal = responses.refusal(second("reject"));
            var byHeader = responses.refusal(responses
                    .post("/responses", asking(SECOND, "conversation", conversation))
                    .header("Heddle-Multitask-Strategy", "reject"));

            assertThat(refusal.code()).isEqualTo("conversation_locked");
            assertThat(byHeader).isEqualTo(refusal);
            assertThat(transcript()).hasSize(2);
            assertThat(first.id()).isNotEmpty();
        }
    }

    @Test
    void enqueuedItBeginsBehindTheOther() {
        try (var first = responses.stream(
                "First? [[text=\"First of all.\" chunks=3 delay=100ms]]", "conversation", conversation)) {
            first.until("response.output_text.delta");

            JsonNode second = responses.create(second("enqueue"));
            JsonNode ended = responses.get(first.id());

            assertThat(ended.get("status").stringValue()).isEqualTo("completed");
            assertThat(text(second)).isEqualTo("Second.");
            first.all();
        }
        assertThat(transcript()).element(1).isEqualTo("First of all.");
    }

    @Test
    void interruptingItCutsTheOtherShortAndKeepsWhatThatHasSaid() {
        try (var first = half()) {
            JsonNode second = responses.create(second("interrupt"));
            first.all();

            JsonNode cut = first.response();
            assertThat(cut.get("status").stringValue()).isEqualTo("incomplete");
            assertThat(cut.at("/incomplete_details/reason").stringValue()).isEqualTo("steered");
            assertThat(responses.get(first.id())).isEqualTo(cut);
            assertThat(transcript()).hasSize(4).element(1).isEqualTo(text(cut));
            assertThat(text(second)).isEqualTo("Second.");
        }
    }

    @Test
    void interruptingItCancelsTheOtherInTheBackground() {
        String first = id(responses.ask(HALF, "conversation", conversation, "background", true));

        responses.create(second("interrupt"));

        assertThat(responses.get(first).get("status").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void rollingBackItTakesTheOtherOutOfTheConversation() {
        try (var first = half()) {
            responses.create(second("rollback"));
            first.all();

            assertThat(first.response().at("/incomplete_details/reason").stringValue())
                    .isEqualTo("steered");
            assertThat(responses
                            .refusal(responses.request("/responses/" + first.id()))
                            .status())
                    .isEqualTo(404);
            assertThat(transcript()).containsExactly(SECOND, "Second.");
        }
    }

    @Test
    void oneMoreThanMayWorkAndWaitIsTooMany() {
        for (int i = 0; i < 3; i++) {
            responses.ask(HALF, "conversation", conversation, "background", true);
        }

        var tooMany = gateway.client().send(responses.post("/responses", asking(SECOND, "conversation", conversation)));

        assertThat(tooMany.statusCode()).isEqualTo(429);
        assertThat(tooMany.headers().firstValue("retry-after")).isPresent();
        assertThat(responses
                        .refusal(asking(SECOND, "conversation", conversation))
                        .code())
                .isEqualTo("rate_limit_exceeded");
        assertThat(transcript()).doesNotContain(SECOND);
    }

    private ResponseStream half() {
        var stream = responses.stream(HALF, "conversation", conversation);
        stream.until("response.output_text.delta");
        return stream;
    }

    private Map<String, Object> second(String strategy) {
        return asking(SECOND, "conversation", conversation, "multitask_strategy", strategy);
    }

    private List<String> transcript() {
        return responses.transcript(conversation, 100).stream()
                .map(item -> item.at("/content/0/text").asString(""))
                .toList();
    }
}
