package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A message of a run that goes on is deleted. */
class MessageDeletionIT {
    @Test
    void whatAPausedRunHasSaidIsDeletedAndWhatItDoesNextTakesNobodysPlace() {
        try (var gateway = TestGateway.start()) {
            var client = gateway.client();
            var weather = Map.of("type", "function", "function", Map.of("name", "weather"));
            String assistant = id(client.post("/assistants", Map.of("model", "scripted", "tools", List.of(weather))));
            String path = "/threads/" + client.newThread();
            String question = "And? [[text=\"Let me see.\" call=weather({})]]";
            String run = id(client.post(path + "/runs", TestClient.asking(assistant, question)));
            untilPaused(client, path);
            String said = id(client.get(path + "/messages").at("/data/0"));

            client.send(client.request(path + "/messages/" + said).DELETE());
            submit(client, path + "/runs/" + run);

            assertThat(client.endOf(path.substring("/threads/".length()), run)).isEqualTo("thread.run.completed");
            assertThat(client.list(path + "/messages", 10))
                    .extracting(TestClient::text)
                    .containsExactly(question, "Outputs: weather=sun");
            var steps = client.list(path + "/runs/" + run + "/steps", 10);
            assertThat(steps)
                    .extracting(step -> step.get("type").stringValue())
                    .containsExactly("message_creation", "tool_calls", "message_creation");
            assertThat(steps.get(1)
                            .at("/step_details/tool_calls/0/function/output")
                            .stringValue())
                    .isEqualTo("sun");
        }
    }

    private static void untilPaused(TestClient client, String path) {
        try (var events = client.events(path + "/events")) {
            assertThat(events.anyMatch(event -> event.event().equals("run.action_required")))
                    .isTrue();
        }
    }

    private static void submit(TestClient client, String run) {
        var call = client.get(run).at("/required_action/submit_tool_outputs/tool_calls/0");
        var output = Map.of("tool_call_id", id(call), "output", "sun");
        client.post(run + "/submit_tool_outputs", Map.of("tool_outputs", List.of(output)));
    }
}
