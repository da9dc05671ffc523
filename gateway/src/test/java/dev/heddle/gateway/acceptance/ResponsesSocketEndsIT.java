package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.ResponsesSchemas;
import dev.heddle.gateway.testing.ResponsesSocketClient;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import dev.heddle.persistence.testing.TestDatabase;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** How sockets of responses begin and end, and what becomes of the responses that are made meanwhile. */
@Timeout(120)
class ResponsesSocketEndsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LARGE = 10_485_760;
    private static final int TOO_LARGE = 17 << 20;
    private static final String TWO_CALLS = "Cut? [[text=\"Let me see what it is.\" call=weather({\"city\":\"Paris\"})"
            + " call=time({}) chars_per_fragment=6 delay=10ms]]";

    private static TestGateway gateway;
    private static TestGateway locked;
    private static ResponsesClient responses;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("heddle.upstream.context-tokens", 100_000_000));
        locked = TestGateway.start(Map.of("heddle.http.api-keys", "red:sk-red"));
        responses = new ResponsesClient(gateway.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        locked.close();
    }

    @Test
    void withoutAKeyThereIsNoSocket() {
        try (var socket = ResponsesSocketClient.open(locked.baseUrl(), "sk-red")) {
            assertThat(text(socket.ask("", "May I?"))).isEqualTo("Answer to: May I?");
        }
        assertUnauthorized(() -> ResponsesSocketClient.open(locked.baseUrl()), "invalid_api_key");
        assertUnauthorized(() -> ResponsesSocketClient.open(locked.baseUrl(), "sk-blue"), "invalid_api_key");
    }

    private static void assertUnauthorized(ThrowingCallable open, String code) {
        assertThatThrownBy(open)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> {
                    var json = TestClient.JSON.readTree(
                            (String) refused.getResponse().body());
                    ResponsesSchemas.check(ResponsesSchemas.Body.ERROR, json);
                    assertThat(refused.getResponse().statusCode()).isEqualTo(401);
                    assertThat(json.at("/error/type").stringValue()).isEqualTo("invalid_request_error");
                    assertThat(json.at("/error/code").asString("")).isEqualTo(code);
                });
    }

    @Test
    void aPlainGetIsToldToUpgrade() {
        var answer =
                gateway.client().send(gateway.client().request("/responses").GET());

        assertThat(answer.statusCode()).isEqualTo(426);
        assertThat(answer.headers().firstValue("upgrade")).hasValue("websocket");
        assertThat(TestClient.JSON.readTree(answer.body()).at("/error/message").isString())
                .isTrue();
    }

    @Test
    void bytesCloseTheSocketWith1003() {
        try (var socket = open()) {
            socket.sayBytes(new byte[] {1, 2, 3});

            assertThat(socket.closeCode()).isEqualTo(1003);
        }
    }

    @Test
    void aMessageOfTenMillionCharactersIsTakenAndALargerOneThanABodyMayBeCloses() {
        gateway.model().scriptFor("word word", Script.saying("Much."));
        try (var socket = open()) {
            assertThat(text(socket.ask("", "word ".repeat(LARGE / 5)))).isEqualTo("Much.");
            assertThat(gateway.model().prompts().getLast().question()).hasSize(LARGE);

            socket.sayAtLength("x".repeat(TOO_LARGE));

            assertThat(socket.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void aSocketThatIsCutBehindAnyEventIsContinuedOverHttp() {
        int count = whole().size();

        for (int cut = 1; cut < count; cut++) {
            var texts = new ArrayList<String>();
            String response;
            try (var socket = open()) {
                ask(socket);
                var seen = new ArrayList<TestEvent>();
                while (seen.size() < cut) {
                    seen.add(socket.next(""));
                }
                socket.cut();
                seen.forEach(event -> texts.add(event.data()));
                response = seen.getFirst().json().at("/response/id").stringValue();
            }
            texts.addAll(replayed(response, "&starting_after=" + (cut - 1)));

            assertThat(texts).as("cut behind event %d", cut).isEqualTo(replayed(response, ""));
        }
    }

    @Test
    void whatASocketHasSaidIsToldAgainFromEveryEventOn() {
        var whole = whole();
        var texts = whole.stream().map(TestEvent::data).toList();
        String response = whole.getFirst().json().at("/response/id").stringValue();

        for (int cut = 0; cut <= texts.size(); cut++) {
            assertThat(replayed(response, "&starting_after=" + (cut - 1)))
                    .as("behind event %d", cut)
                    .isEqualTo(texts.subList(cut, texts.size()));
        }
    }

    @Test
    void whenTheSocketGoesWhatIsNotStoredIsStoppedAndWhatIsStoredGoesOn() {
        String unstored;
        String stored;
        try (var socket = open()) {
            socket.create("a", "Stop me? [[fail=silence@1]]", "store", false);
            socket.create("b", "Go on? [[chunks=20 delay=25ms]]");
            unstored = idOf(socket.until("a", "response.created"));
            stored = idOf(socket.until("b", "response.created"));
            socket.until("a", "response.output_text.delta");
            socket.cut();
        }

        var close = gateway.model()
                .meter()
                .clientCloses()
                .filter(closed -> closed.question().contains("Stop me?"))
                .blockFirst(PATIENCE);

        assertThat(close).isNotNull();
        assertThat(responses.settled(stored).get("status").stringValue()).isEqualTo("completed");
        awaitStatus(unstored, "cancelled");
    }

    @Test
    void whatWaitsForItsTurnIsNotBegunWhenTheSocketGoes() {
        try (var socket = open()) {
            socket.create("a", "First of two? [[fail=silence@1]]", "store", false);
            socket.create("a", "Second of two?");
            socket.until("a", "response.output_text.delta");
        }
        gateway.model()
                .meter()
                .clientCloses()
                .filter(closed -> closed.question().contains("First of two?"))
                .blockFirst(PATIENCE);

        try (var socket = open()) {
            socket.ask("a", "Third?");
        }
        assertThat(gateway.model().prompts())
                .noneMatch(prompt -> prompt.question().contains("Second of two?"));
    }

    @Test
    void aResponseThatFailsEndsItsTurnOnly() {
        try (var socket = open()) {
            var failed = socket.ask("a", "Fail! [[fail=reset@2]]", "store", false);

            assertThat(failed.get("status").stringValue()).isEqualTo("failed");
            assertThat(text(socket.ask("a", "And now?"))).isEqualTo("Answer to: And now?");
        }
    }

    private static ResponsesSocketClient open() {
        return ResponsesSocketClient.open(gateway.baseUrl());
    }

    private static void ask(ResponsesSocketClient socket) {
        socket.create(
                "", TWO_CALLS, "tools", List.of(ResponsesClient.function("weather"), ResponsesClient.function("time")));
    }

    private static List<TestEvent> whole() {
        try (var socket = open()) {
            ask(socket);
            return socket.events("");
        }
    }

    private static String idOf(TestEvent event) {
        return event.json().at("/response/id").stringValue();
    }

    /** The texts that are streamed again over HTTP, to the end. */
    private static List<String> replayed(String response, String after) {
        try (var events = gateway.client().events("/responses/" + response + "?stream=true" + after)) {
            var texts = new ArrayList<>(events.map(TestEvent::data).toList());
            assertThat(texts.removeLast()).isEqualTo("[DONE]");
            return texts;
        }
    }

    private static void awaitStatus(String response, String status) {
        var run = OpenAiIds.response("id", response);
        String query = "select status from runs where id = '" + run + "'";
        Flux.interval(Duration.ofMillis(20))
                .onBackpressureDrop()
                .publishOn(Schedulers.boundedElastic(), 1)
                .map(_ -> TestDatabase.ask(gateway.database(), query))
                .filter(status::equalsIgnoreCase)
                .blockFirst(PATIENCE);
    }
}
