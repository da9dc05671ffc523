package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.text;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponsesSocketClient;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Responses over a WebSocket: its streams, how they work beside one another, and what is refused on them. */
@Timeout(120)
class ResponsesSocketIT {
    private static final String DEFAULT = "";
    private static final int IN_FLIGHT = 16;
    private static final int STREAMS = 32;

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void theDefaultStreamIsNotNamed() {
        try (var socket = open()) {
            socket.create(DEFAULT, "Hello?");

            var events = socket.events(DEFAULT);

            assertThat(events).noneMatch(event -> event.json().has("stream_id"));
            assertThat(text(events.getLast().json().get("response"))).isEqualTo("Answer to: Hello?");
        }
    }

    @Test
    void aNamedStreamIsNamedByEveryEvent() {
        try (var socket = open()) {
            socket.create("a.B-9_", "Hello?");

            var events = socket.events("a.B-9_");

            assertThat(socket.heard()).isEqualTo(events);
            assertThat(events)
                    .extracting(event -> event.json().path("stream_id").asString())
                    .containsOnly("a.B-9_");
        }
    }

    @Test
    void theEventsAreThoseOfTheStoredResponse() {
        try (var socket = open()) {
            socket.create("named", "Whose bytes?");

            var events = socket.events("named");

            var prefix = "{\"stream_id\":\"named\",";
            assertThat(events).allMatch(event -> event.data().startsWith(prefix));
            assertThat(events.stream().map(event -> "{" + event.data().substring(prefix.length())))
                    .containsExactlyElementsOf(replayed(responseOf(events)));
        }
    }

    @Test
    void oneStreamMakesItsResponsesOneByOneInTheirOrder() {
        try (var socket = open()) {
            var questions = IntStream.range(0, 5).mapToObj(i -> "Question " + i).toList();
            questions.forEach(question -> socket.create("one", question + " [[chunks=4 delay=5ms]]", "store", false));

            var answers = questions.stream().map(_ -> socket.response("one")).toList();

            assertThat(answers).extracting(ResponsesSocketIT::question).containsExactlyElementsOf(questions);
            assertThat(mostAtOnce(socket.heard())).isOne();
        }
    }

    @Test
    void oneStreamDoesNotWaitForAnother() {
        try (var socket = open()) {
            socket.create("slow", "Never? [[fail=silence@1]]", "store", false);
            socket.until("slow", "response.output_text.delta");

            assertThat(text(socket.ask("fast", "Beside?"))).isEqualTo("Answer to: Beside?");
            assertThat(text(socket.ask(DEFAULT, "Also?"))).isEqualTo("Answer to: Also?");
        }
    }

    @Test
    void sixteenResponsesAreInFlightAtMostAndTheOthersWait() {
        try (var socket = open()) {
            var streams = IntStream.range(0, 20).mapToObj(i -> "s" + i).toList();
            streams.forEach(stream -> socket.create(stream, "At once? [[first_delay=2s]]", "store", false));
            var calls = new HashSet<Integer>();

            for (String stream : streams) {
                TestEvent event;
                do {
                    event = socket.next(stream);
                    calls.add(gateway.model().meter().read().openStreams());
                } while (!ResponsesSocketClient.ends(event));
                assertThat(event.event()).isEqualTo("response.completed");
            }

            assertThat(calls).allMatch(count -> count <= IN_FLIGHT);
            assertThat(mostAtOnce(socket.heard())).isEqualTo(IN_FLIGHT);
        }
    }

    @Test
    void thereAreThirtyTwoNamedStreamsAtMost() {
        try (var socket = open()) {
            socket.ask(DEFAULT, "Prepare.", "generate", false, "store", false);
            for (int i = 0; i < STREAMS; i++) {
                socket.ask("s" + i, "Prepare.", "generate", false, "store", false);
            }

            socket.create("one-too-many", "Hm?");

            assertRefused(socket.refusal("one-too-many"), "websocket_stream_limit_reached", "stream_id");
            assertThat(text(socket.ask("s31", "Go on?"))).isEqualTo("Answer to: Go on?");
            assertThat(text(socket.ask(DEFAULT, "And you?"))).isEqualTo("Answer to: And you?");
        }
    }

    @Test
    void aBadNameOfAStreamIsNotEchoed() {
        try (var socket = open()) {
            for (Object name : new Object[] {"", "a b", "\u00e4", "x".repeat(257), 7, Map.of()}) {
                socket.say(Map.of("type", "response.create", "stream_id", name, "model", "scripted", "input", "Hm?"));
                assertRefused(socket.refusal(DEFAULT), "invalid_stream_id", "stream_id");
            }
            socket.say("{\"type\":\"response.create\",\"stream_id\":null,\"model\":\"scripted\",\"input\":\"Hm?\"}");
            assertRefused(socket.refusal(DEFAULT), "invalid_stream_id", "stream_id");

            assertThat(text(socket.ask("x".repeat(256), "And this?"))).isEqualTo("Answer to: And this?");
        }
    }

    @Test
    void nonsenseIsRefusedAndTheSocketGoesOn() {
        try (var socket = open()) {
            socket.say("nonsense");
            assertRefused(socket.refusal(DEFAULT), "invalid_request_error", "");
            socket.say("[1]");
            assertRefused(socket.refusal(DEFAULT), "invalid_type", "body");
            socket.say("{}");
            assertRefused(socket.refusal(DEFAULT), "missing_required_parameter", "type");
            socket.say("{\"type\":\"response.undo\",\"stream_id\":\"a\"}");
            assertRefused(socket.refusal("a"), "invalid_value", "type");

            assertThat(text(socket.ask("a", "Still there?"))).isEqualTo("Answer to: Still there?");
        }
    }

    @Test
    void whatOneRequestDoesWrongIsToldInItsTurn() {
        try (var socket = open()) {
            socket.create("a", "First? [[chunks=5 delay=10ms]]");
            socket.create("a", "Second?", "temperature", 3);
            socket.create("a", "Third?");

            assertThat(question(socket.response("a"))).isEqualTo("First?");
            assertRefused(socket.refusal("a"), "decimal_above_max_value", "temperature");
            assertThat(question(socket.response("a"))).isEqualTo("Third?");
        }
    }

    @Test
    void aSocketIsNoBackgroundAndAlwaysAStream() {
        try (var socket = open()) {
            socket.create("a", "Later?", "background", true);
            assertRefused(socket.refusal("a"), "unsupported_parameter", "background");
            socket.create("a", "At once?", "stream", false);
            assertRefused(socket.refusal("a"), "unsupported_parameter", "stream");

            assertThat(socket.ask("a", "So?", "background", false, "stream", true)
                            .get("status")
                            .stringValue())
                    .isEqualTo("completed");
        }
    }

    @Test
    void whatIsOnlyPreparedAsksNoModelAndCanBeGoneOnFrom() {
        try (var socket = open()) {
            socket.create("a", "Know this: blue.", "generate", false, "store", false);
            var events = socket.events("a");
            var prepared = events.getLast().json().get("response");

            var answer = socket.ask("a", "What? [[saw]]", "store", false, "previous_response_id", id(prepared));

            assertThat(events)
                    .extracting(TestEvent::event)
                    .containsExactly("response.created", "response.in_progress", "response.completed");
            assertThat(prepared.get("output")).isEmpty();
            assertThat(gateway.model().prompts())
                    .noneMatch(prompt -> prompt.question().startsWith("Know this"));
            assertThat(text(answer)).contains("Know this: blue.");
        }
    }

    @Test
    void runningResponsesAreNotSteered() {
        try (var socket = open()) {
            socket.create("a", "Never? [[fail=silence@1]]", "store", false);
            var created = socket.next("a");
            String response = created.json().at("/response/id").stringValue();

            socket.say(Map.of(
                    "type", "response.steer", "stream_id", "a", "previous_response_id", response, "input", "Left!"));

            var failed = socket.until("a", "response.steer.failed").json();
            assertThat(failed.at("/error/code").stringValue()).isEqualTo("steering_not_supported");
            assertThat(failed.at("/error/message").isString()).isTrue();
            assertThat(failed.at("/error/type").stringValue()).isEqualTo("invalid_request_error");
            assertThat(failed.get("steer")).isEqualTo(json(Map.of("previous_response_id", response, "input", "Left!")));
        }
    }

    private static ResponsesSocketClient open() {
        return ResponsesSocketClient.open(gateway.baseUrl());
    }

    static void assertRefused(JsonNode refusal, String code, String param) {
        assertThat(refusal.get("status").intValue()).as(refusal.toString()).isEqualTo(400);
        assertThat(refusal.at("/error/type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(refusal.at("/error/code").stringValue()).isEqualTo(code);
        assertThat(refusal.at("/error/param").asString("")).isEqualTo(param);
        assertThat(refusal.at("/error/message").stringValue()).isNotBlank();
    }

    /** How many responses were under way at the same time, as the client sees it. */
    private static int mostAtOnce(List<TestEvent> events) {
        Set<String> open = new HashSet<>();
        int most = 0;
        for (TestEvent event : events) {
            if (event.event().equals("response.created")) {
                open.add(event.json().at("/response/id").stringValue());
            }
            most = Math.max(most, open.size());
            if (ResponsesSocketClient.ends(event)) {
                open.remove(event.json().at("/response/id").stringValue());
            }
        }
        return most;
    }

    private static String question(JsonNode response) {
        return text(response).substring("Answer to: ".length()).replaceAll(" w\\d+", "");
    }

    private static String responseOf(List<TestEvent> events) {
        return events.getFirst().json().at("/response/id").stringValue();
    }

    private static List<String> replayed(String response) {
        try (var events = gateway.client().events("/responses/" + response + "?stream=true")) {
            var texts = new ArrayList<>(events.map(TestEvent::data).toList());
            texts.removeLast(); // [DONE]
            return texts;
        }
    }

    private static JsonNode json(Object value) {
        return TestClient.JSON.valueToTree(value);
    }
}
