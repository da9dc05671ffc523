package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A run's time goes on while it waits for outputs, though nothing of it is in memory then. */
class ExpiryIT {
    private static TestGateway gateway;
    private static TestClient client;
    private static String assistant;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("heddle.threads.run-expiry", "3s"));
        client = gateway.client();
        var weather = Map.of("type", "function", "function", Map.of("name", "weather"));
        assistant = id(client.post("/assistants", Map.of("model", "scripted", "tools", List.of(weather))));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aPausedRunExpiresAndTheNextOneIsLegal() {
        String thread = client.newThread();
        String run = id(
                client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, "And? [[call=weather({})]]")));

        List<String> events = eventsOf(thread, run);

        assertThat(events)
                .endsWith("thread.run.requires_action", "thread.run.step.expired", "thread.run.expired", "done");
        var expired = client.get("/threads/" + thread + "/runs/" + run);
        assertThat(expired.get("status").stringValue()).isEqualTo("expired");
        assertThat(expired.get("required_action").isNull()).isTrue();
        String next = id(client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, "And now?")));
        assertThat(eventsOf(thread, next)).endsWith("thread.run.completed", "done");
        assertThat(gateway.model().violations()).isEmpty();
    }

    @Test
    void aWorkingRunExpiresWithWhatItHasSaid() {
        String thread = client.newThread();
        String run = id(client.post(
                "/threads/" + thread + "/runs", TestClient.asking(assistant, "And? [[chunks=5 fail=silence@2]]")));

        assertThat(eventsOf(thread, run))
                .endsWith("thread.message.incomplete", "thread.run.step.expired", "thread.run.expired", "done");
        assertThat(client.get("/threads/" + thread + "/messages")
                        .at("/data/0/incomplete_details/reason")
                        .stringValue())
                .isEqualTo("run_expired");
    }

    private static List<String> eventsOf(String thread, String run) {
        try (var events = client.events("/threads/" + thread + "/runs/" + run + "/events")) {
            return events.map(TestEvent::event).toList();
        }
    }
}
