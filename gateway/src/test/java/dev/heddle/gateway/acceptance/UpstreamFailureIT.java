package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Prompt;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The model's connection dies at every byte of a short answer, in every way in which it can. */
class UpstreamFailureIT {
    private static final int AT_ONCE = 32;
    private static final String TEXT = "text=\"Well, yes.\" usage=none";
    private static final String CALLS = "text=Look: call=weather({\"city\":1}) chars_per_fragment=6 usage=none";

    private static TestGateway gateway;
    private static TestClient client;
    private static String assistant;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(
                Map.of("heddle.upstream.idle-timeout", "300ms", "heddle.upstream.retry-pause", "5ms"));
        client = gateway.client();
        var weather = Map.of("type", "function", "function", Map.of("name", "weather"));
        assistant = TestClient.id(client.post("/assistants", Map.of("model", "scripted", "tools", List.of(weather))));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "drop", "end", "error", "silence"})
    void aTextThatBreaksOffAnywhereEndsItsRunOnceAndTheNextRunIsLegal(String shape) {
        diesAtEveryByte(TEXT, shape);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "drop", "end", "error"})
    void callsThatBreakOffAnywhereEndTheirRunOnceAndTheNextRunIsLegal(String shape) {
        diesAtEveryByte(CALLS, shape);
    }

    private static void diesAtEveryByte(String script, String shape) {
        int length = (int) gateway.model().lengthOf(new Prompt(prompt(question(script, "none")), ""));
        try (ExecutorService callers =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var runs = IntStream.rangeClosed(0, length)
                    .mapToObj(at -> CompletableFuture.runAsync(() -> diesAt(at, script, shape), callers))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(runs).join();
        }
        assertThat(gateway.model().violations()).isEmpty();
    }

    private static void diesAt(int at, String script, String shape) {
        String thread = client.newThread();
        List<TestEvent> events = stream(thread, question(script, shape + "-at-byte@" + at));

        String end = endOf(events);
        JsonNode run = client.get("/threads/" + thread + "/runs").at("/data/0");
        assertThat(run.get("status").stringValue()).as(end).isEqualTo(end.substring("thread.run.".length()));
        assertThat(end).isIn("thread.run.failed", "thread.run.completed", "thread.run.requires_action");
        assertThat(run.get("last_error").isNull()).isNotEqualTo(end.equals("thread.run.failed"));
        assertThat(storedText(thread)).isEqualTo(streamedText(events));
        cancelIfPaused(thread, run, end);

        assertThat(endOf(stream(thread, "And now?"))).isEqualTo("thread.run.completed");
    }

    private static void cancelIfPaused(String thread, JsonNode run, String end) {
        if (end.equals("thread.run.requires_action")) {
            String path = "/threads/" + thread + "/runs/" + TestClient.id(run);
            client.post(path + "/cancel", Map.of());
            try (var events = client.events(path + "/events")) {
                assertThat(events.anyMatch(event -> event.event().equals("thread.run.cancelled")))
                        .isTrue();
            }
        }
    }

    /** Exactly one event ends the stream or pauses the run, in front of {@code done}. */
    private static String endOf(List<TestEvent> events) {
        assertThat(events.getLast().event()).isEqualTo("done");
        var ends = events.stream()
                .map(TestEvent::event)
                .filter(UpstreamFailureIT::isEnd)
                .toList();
        assertThat(ends).hasSize(1);
        assertThat(events.get(events.size() - 2).event()).isEqualTo(ends.getFirst());
        return ends.getFirst();
    }

    private static boolean isEnd(String event) {
        return switch (event) {
            case "thread.run.completed",
                    "thread.run.failed",
                    "thread.run.cancelled",
                    "thread.run.expired",
                    "thread.run.incomplete",
                    "thread.run.requires_action",
                    "error" -> true;
            default -> false;
        };
    }

    private static List<TestEvent> stream(String thread, String question) {
        var body = new HashMap<>(TestClient.asking(assistant, question));
        body.put("stream", true);
        try (Stream<TestEvent> events = client.events("/threads/" + thread + "/runs", body)) {
            return events.toList();
        }
    }

    private static String streamedText(List<TestEvent> events) {
        var text = new StringBuilder();
        events.stream()
                .filter(event -> event.event().equals("thread.message.delta"))
                .forEach(event -> text.append(
                        event.json().at("/delta/content/0/text/value").stringValue()));
        return text.toString();
    }

    private static String storedText(String thread) {
        return client.list("/threads/" + thread + "/messages", 10).stream()
                .filter(message -> message.get("role").stringValue().equals("assistant"))
                .map(TestClient::text)
                .findFirst()
                .orElse("");
    }

    private static String question(String script, String failure) {
        return "Is it? [[" + script + " fail=" + failure + " failures=1]]";
    }

    private static String prompt(String question) {
        return TestClient.JSON.writeValueAsString(
                Map.of("model", "scripted", "messages", List.of(Map.of("role", "user", "content", question))));
    }
}
