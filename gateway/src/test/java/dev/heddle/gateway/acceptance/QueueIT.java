package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestGateway;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The queue of a thread: who waits in it and why, how one leaves it, and where it ends. */
class QueueIT {
    private static final String SILENT = "A question without an end. [[chunks=5 fail=silence@2]]";

    private static TestGateway gateway;
    private static TestClient client;
    private static String assistant;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("heddle.threads.max-running-runs", 2, "heddle.threads.max-queued-runs", 2));
        client = gateway.client();
        assistant = client.newAssistant();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void eachWaitingRunHasItsPlaceAndItsReason() {
        String thread = client.newThread();
        String first = working(thread);
        String second = working(thread);
        String third = run(thread, "Third?", "concurrent");
        String fourth = run(thread, "Fourth?", "enqueue");

        var queue = queue(thread);

        assertThat(queue).extracting(entry -> entry.get("run_id").stringValue()).containsExactly(third, fourth);
        assertThat(queue).extracting(entry -> entry.get("place").intValue()).containsExactly(1, 2);
        assertThat(reason(queue.get(0))).isEqualTo("limit [" + first + ", " + second + "]");
        assertThat(reason(queue.get(1))).isEqualTo("runs [" + first + ", " + second + ", " + third + "]");
        end(thread, first);
        end(thread, second);
        assertThat(client.endOf(thread, fourth)).isEqualTo("thread.run.completed");
        assertThat(queue(thread)).isEmpty();
    }

    @Test
    void aWaitingRunIsWithdrawnWithItsQuestionAndAWorkingOneIsNot() {
        String thread = client.newThread();
        String working = working(thread);
        String waiting = run(thread, "Never mind?", "enqueue");

        var withdrawn = delete(thread, waiting);
        var again = delete(thread, waiting);
        var refused = delete(thread, working);

        assertThat(TestClient.JSON.readTree(withdrawn.body()))
                .isEqualTo(TestClient.JSON.readTree(
                        "{\"id\":\"" + waiting + "\",\"object\":\"thread.run.withdrawn\",\"deleted\":true}"));
        assertThat(again.statusCode()).isEqualTo(404);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("run_not_queued");
        assertThat(client.list("/threads/" + thread + "/messages", 10))
                .extracting(TestClient::text)
                .noneMatch(text -> text.contains("Never mind"));
        end(thread, working);
    }

    @Test
    void aThreadTakesNoMoreRunsThanMayWorkAndWait() {
        String thread = client.newThread();
        String first = working(thread);
        String second = working(thread);
        run(thread, "Third?", "concurrent");
        run(thread, "Fourth?", "enqueue");

        var fifth = post(thread, body("Fifth?", "concurrent"));
        String last = run(thread, "Last?", "interrupt");

        assertThat(fifth.statusCode()).isEqualTo(429);
        assertThat(fifth.headers().firstValue("retry-after")).isPresent();
        assertThat(TestClient.JSON.readTree(fifth.body()).at("/error/code").stringValue())
                .isEqualTo("rate_limit_exceeded");
        assertThat(client.endOf(thread, last)).isEqualTo("thread.run.completed");
        assertThat(client.endOf(thread, first)).isEqualTo("thread.run.cancelled");
        assertThat(client.endOf(thread, second)).isEqualTo("thread.run.cancelled");
        assertThat(client.list("/threads/" + thread + "/messages", 20))
                .extracting(TestClient::text)
                .noneMatch(text -> text.contains("Fifth"));
    }

    private static String working(String thread) {
        String run = run(thread, SILENT, "concurrent");
        try (var events = client.events("/threads/" + thread + "/runs/" + run + "/events")) {
            assertThat(events.anyMatch(event -> event.event().equals("thread.message.delta")))
                    .isTrue();
        }
        return run;
    }

    private static String run(String thread, String question, String strategy) {
        return id(client.post("/threads/" + thread + "/runs", body(question, strategy)));
    }

    private static Map<String, Object> body(String question, String strategy) {
        var body = new HashMap<>(TestClient.asking(assistant, question));
        body.put("multitask_strategy", strategy);
        return body;
    }

    private static List<JsonNode> queue(String thread) {
        return client.get("/threads/" + thread + "/queue")
                .get("data")
                .valueStream()
                .toList();
    }

    private static String reason(JsonNode entry) {
        JsonNode waiting = entry.get("waiting_for");
        var runs =
                waiting.get("run_ids").valueStream().map(JsonNode::stringValue).toList();
        return waiting.get("reason").stringValue() + " " + runs;
    }

    private static HttpResponse<String> post(String thread, Map<String, Object> body) {
        return client.send(client.request("/threads/" + thread + "/runs")
                .POST(BodyPublishers.ofString(TestClient.JSON.writeValueAsString(body))));
    }

    private static HttpResponse<String> delete(String thread, String run) {
        return client.send(
                client.request("/threads/" + thread + "/queue/" + run).DELETE());
    }

    private static void end(String thread, String run) {
        client.post("/threads/" + thread + "/runs/" + run + "/cancel", Map.of());
        assertThat(client.endOf(thread, run)).isEqualTo("thread.run.cancelled");
    }
}
