package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Messages that wait until their thread is idle. */
class MessageWaitIT {
    private static final String ENDLESS = "A question without an end. [[chunks=5 fail=silence@2]]";
    private static final String CALLING = "What is the weather? [[call=weather({})]]";
    private static final Map<String, Object> WEATHER =
            Map.of("type", "function", "function", Map.of("name", "weather"));
    private static final int WAITERS = 5;

    private static final ExecutorService CALLERS = Executors.newVirtualThreadPerTaskExecutor();
    private static TestGateway gateway;
    private static TestClient client;
    private static String assistant;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        client = gateway.client();
        assistant = id(client.post("/assistants", Map.of("model", "scripted", "tools", List.of(WEATHER))));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        CALLERS.close();
    }

    @Test
    void allThatWaitAreAddedOnceRightAfterTheRunsEnd() {
        String thread = client.newThread();
        String run = id(client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, ENDLESS)));
        var waiters = IntStream.range(0, WAITERS)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> add(thread, "Waiter " + i, 60), CALLERS))
                .toList();

        var busy = add(thread, "Too impatient", 1);
        client.post("/threads/" + thread + "/runs/" + run + "/cancel", Map.of());

        assertBusyWith(busy, run, "in_progress");
        assertThat(waiters)
                .allSatisfy(waiter -> assertThat(waiter.join().statusCode()).isEqualTo(200));
        assertThat(texts(thread).stream().filter(text -> !text.startsWith("A question")))
                .contains("Waiter 0", "Waiter 1", "Waiter 2", "Waiter 3", "Waiter 4")
                .doesNotHaveDuplicates()
                .doesNotContain("Too impatient");
        assertThat(names(thread, WAITERS))
                .filteredOn(name -> name.equals("run.cancelled") || name.equals("message.added"))
                .startsWith("run.cancelled")
                .hasSize(1 + WAITERS);
    }

    @Test
    void aRunThatWaitsForOutputsIsActive() {
        String thread = client.newThread();
        var stream = client.events("/threads/" + thread + "/runs", streaming(CALLING));
        JsonNode paused = stream.filter(event -> event.event().equals("thread.run.requires_action"))
                .findFirst()
                .orElseThrow()
                .json();
        var waiter = CompletableFuture.supplyAsync(() -> add(thread, "And tomorrow?", 60), CALLERS);

        assertBusyWith(add(thread, "Too impatient", 1), id(paused), "requires_action");
        submit(thread, paused);

        assertThat(waiter.join().statusCode()).isEqualTo(200);
        assertThat(texts(thread)).endsWith("And tomorrow?").doesNotContain("Too impatient");
        assertThat(client.get("/threads/" + thread + "/runs/" + id(paused))
                        .get("status")
                        .stringValue())
                .isEqualTo("completed");
    }

    @Test
    void whoeverGoesAwayWhileItWaitsAddsNothing() {
        String thread = client.newThread();
        String run = id(client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, ENDLESS)));
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var gone = http.sendAsync(
                    client.request("/threads/" + thread + "/messages")
                            .POST(BodyPublishers.ofString(body("Gone", 60)))
                            .build(),
                    BodyHandlers.ofString());
            // Each of these takes a second: the first until the other waits, the second until its absence is noticed.
            assertThat(add(thread, "Too impatient", 1).statusCode()).isEqualTo(400);
            gone.cancel(true);
        }
        assertThat(add(thread, "Too impatient", 1).statusCode()).isEqualTo(400);
        client.post("/threads/" + thread + "/runs/" + run + "/cancel", Map.of());

        assertThat(add(thread, "Still here", 60).statusCode()).isEqualTo(200);
        try (var answer = client.events("/threads/" + thread + "/runs", streaming("And now?"))) {
            assertThat(answer.map(TestEvent::event)).contains("thread.run.completed");
        }
        assertThat(texts(thread)).contains("Still here").doesNotContain("Gone", "Too impatient");
    }

    @Test
    void aWaitThatIsRepeatedUnderItsKeyAddsOneMessage() {
        String thread = client.newThread();
        String run = id(client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, ENDLESS)));
        var waiters = IntStream.range(0, WAITERS)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> repeatable(thread, "One of five"), CALLERS))
                .toList();
        assertThat(add(thread, "Too impatient", 1).statusCode()).isEqualTo(400);

        client.post("/threads/" + thread + "/runs/" + run + "/cancel", Map.of());

        var answers = waiters.stream().map(CompletableFuture::join).distinct().toList();
        assertThat(answers).hasSize(1);
        assertThat(texts(thread)).containsOnlyOnce("One of five");
        assertThat(repeatable(thread, "One of five")).isEqualTo(answers.getFirst());
    }

    private static String repeatable(String thread, String text) {
        return client.send(client.request("/threads/" + thread + "/messages")
                        .header("Idempotency-Key", "wait-on-" + thread)
                        .POST(BodyPublishers.ofString(body(text, 60))))
                .body();
    }

    private static void assertBusyWith(HttpResponse<String> answer, String run, String status) {
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = TestClient.JSON.readTree(answer.body()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo("thread_busy");
        assertThat(error.get("active_runs")).hasSize(1);
        JsonNode active = error.get("active_runs").get(0);
        assertThat(id(active)).isEqualTo(run);
        assertThat(active.get("status").stringValue()).isEqualTo(status);
        assertThat(active.get("assistant_id").stringValue()).isEqualTo(assistant);
        assertThat(active.get("created_at").longValue()).isPositive();
        assertThat(active.get("age").longValue()).isBetween(1L, 60L);
    }

    private static void submit(String thread, JsonNode run) {
        String call =
                run.at("/required_action/submit_tool_outputs/tool_calls/0/id").stringValue();
        client.post(
                "/threads/" + thread + "/runs/" + id(run) + "/submit_tool_outputs",
                Map.of("tool_outputs", List.of(Map.of("tool_call_id", call, "output", "sunny"))));
    }

    private static HttpResponse<String> add(String thread, String text, int seconds) {
        return client.send(
                client.request("/threads/" + thread + "/messages").POST(BodyPublishers.ofString(body(text, seconds))));
    }

    private static String body(String text, int seconds) {
        return TestClient.JSON.writeValueAsString(
                Map.of("role", "user", "content", text, "on_active_run", Map.of("type", "wait", "timeout", seconds)));
    }

    private static Map<String, Object> streaming(String question) {
        return Map.of(
                "assistant_id",
                assistant,
                "stream",
                true,
                "additional_messages",
                List.of(Map.of("role", "user", "content", question)));
    }

    private static List<String> texts(String thread) {
        return client.list("/threads/" + thread + "/messages", 100).stream()
                .map(TestClient::text)
                .toList();
    }

    /** What the thread's log says, up to so many messages. */
    private static List<String> names(String thread, int messages) {
        var names = new ArrayList<String>();
        try (var stream = client.events("/threads/" + thread + "/events")) {
            int added = 0;
            for (var next = stream.iterator(); added < messages; ) {
                String name = next.next().event();
                names.add(name);
                added += name.equals("message.added") ? 1 : 0;
            }
        }
        return names;
    }
}
