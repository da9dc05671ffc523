package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedToolServer;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import dev.heddle.gateway.testing.ToolAnswer;
import dev.heddle.gateway.testing.ToolRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run whose functions this server calls itself. */
@Timeout(120)
class ServerToolIT {
    private final ScriptedToolServer tools = ScriptedToolServer.start();
    private final TestGateway gateway = TestGateway.start(Map.of(
            "heddle.tools[0].name", "weather",
            "heddle.tools[0].url", tools.url("weather"),
            "heddle.tools[0].parameters", "{\"type\":\"object\",\"title\":\"registered\"}",
            "heddle.tools[1].name", "time",
            "heddle.tools[1].url", tools.url("time")));

    @AfterEach
    void closeAll() {
        gateway.close();
        tools.close();
    }

    @Test
    void aRunCallsThemAndGoesOnWithoutItsClient() {
        var bothCalled = tools.arrivals().filter(call -> call.tool().equals("time"));
        tools.script("weather", ToolAnswer.text("rain").after(bothCalled.next()));
        tools.script("time", ToolAnswer.text("noon"));
        gateway.model()
                .script(Script.calling("weather", "{\"city\":\"Rome\"}")
                        .call("time", "")
                        .then(Script.saying("Rain", " at noon.")));

        List<TestEvent> events = run(Map.of(
                "assistant_id", assistant(),
                "stream", true,
                "tools", List.of(function("weather"), function("time")),
                "thread", Map.of("messages", List.of(Map.of("role", "user", "content", "Weather?")))));

        assertThat(events)
                .extracting(TestEvent::event)
                .contains("thread.run.step.completed", "thread.run.completed")
                .doesNotContain("thread.run.requires_action");
        assertThat(tools.requests())
                .extracting(ToolRequest::body)
                .containsExactlyInAnyOrder("{\"city\":\"Rome\"}", "{}");
        assertThat(tools.requests())
                .extracting(ToolRequest::idempotencyKey)
                .doesNotHaveDuplicates()
                .allMatch(key -> key.startsWith("call_"));
        assertThat(gateway.model().prompts().getFirst().json()).contains("registered");
        assertThat(gateway.model().prompts().getLast().json()).containsSubsequence("rain", "noon");
    }

    private String assistant() {
        return gateway.client()
                .post("/assistants", Map.of("model", "m"))
                .path("id")
                .asString();
    }

    private List<TestEvent> run(Map<String, Object> request) {
        return gateway.client().events("/threads/runs", request).toList();
    }

    private static Map<String, Object> function(String name) {
        return Map.of("type", "function", "function", Map.of("name", name));
    }
}
