package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Prompt;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Threads that are forked, copied and merged, and found again in the list. */
class ThreadCopiesIT {
    private static final String ENDLESS = "A question without an end. [[chunks=5 fail=silence@2]]";

    private static TestGateway gateway;
    private static TestClient client;
    private static String assistant;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        client = gateway.client();
        assistant = client.newAssistant();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aForkHoldsWhatIsSettledAndGoesItsOwnWay() {
        String thread = client.newThread();
        ask(thread, "What is a heddle?");
        client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, ENDLESS));

        JsonNode fork = client.post("/threads/" + thread + "/fork", Map.of("metadata", Map.of("forked", "yes")));

        List<JsonNode> settled = messages(thread).subList(0, 2);
        List<JsonNode> copies = messages(id(fork));
        assertThat(copies).extracting(ThreadCopiesIT::said).isEqualTo(texts(settled));
        assertThat(copies).allSatisfy(ThreadCopiesIT::assertFromNobody);
        assertThat(copies).extracting(TestClient::id).doesNotContainAnyElementsOf(ids(settled));
        assertThat(imports(id(fork), 1).getFirst().json().get("from_thread_id").stringValue())
                .isEqualTo(thread);
        ask(id(fork), "And a shuttle?");
        assertThat(promptOf("And a shuttle?").messages()).hasSize(3);
        assertThat(messages(thread).stream().map(TestClient::text)).doesNotContain("And a shuttle?");
    }

    @Test
    void copiesComeAtTheEndAndInTheirOrder() {
        String source = client.newThread();
        ask(source, "Source one");
        ask(source, "Source two");
        String target = client.newThread();
        ask(target, "Target one");
        List<String> before = texts(messages(target));

        JsonNode copied = client.post("/threads/" + source + "/copy_to/" + target, Map.of());
        JsonNode merged = client.post("/threads/" + target + "/merge_from/" + source, Map.of());

        assertThat(id(copied)).isEqualTo(target);
        assertThat(id(merged)).isEqualTo(target);
        var expected = new java.util.ArrayList<>(before);
        expected.addAll(texts(messages(source)));
        expected.addAll(texts(messages(source)));
        assertThat(texts(messages(target))).isEqualTo(expected);
        assertThat(ids(messages(target))).doesNotHaveDuplicates();
        assertThat(imports(target, 2)).extracting(event -> turns(event)).containsExactly(2, 2);
    }

    @Test
    void theListShowsWhatHappensWhere() {
        String topic = "looms of " + client.newThread();
        String idle = id(client.post("/threads", Map.of("metadata", Map.of("topic", topic))));
        String active = id(client.post("/threads", Map.of("metadata", Map.of("topic", topic))));
        client.post("/threads/" + active + "/runs", TestClient.asking(assistant, ENDLESS));
        String filter = "/threads?metadata%5Btopic%5D=" + topic.replace(" ", "%20");

        JsonNode both = client.get(filter);

        assertThat(both.get("data")).extracting(TestClient::id).containsExactly(active, idle);
        assertThat(both.get("data"))
                .extracting(thread -> thread.get("status").stringValue())
                .containsExactly("active", "idle");
        assertThat(client.get(filter + "&status=idle").get("data"))
                .extracting(TestClient::id)
                .containsExactly(idle);
        assertThat(client.list("/threads", 2)).extracting(TestClient::id).contains(idle, active);
        client.send(client.request("/threads/" + idle).DELETE());
        assertThat(client.get(filter).get("data")).extracting(TestClient::id).containsExactly(active);
    }

    private static void ask(String thread, String question) {
        var body = new java.util.HashMap<>(TestClient.asking(assistant, question));
        body.put("stream", true);
        try (var stream = client.events("/threads/" + thread + "/runs", body)) {
            assertThat(stream.map(TestEvent::event)).contains("thread.run.completed");
        }
    }

    private static void assertFromNobody(JsonNode message) {
        assertThat(message.get("run_id").isNull()).isTrue();
        assertThat(message.get("assistant_id").isNull()).isTrue();
    }

    /** The imports in the thread's log, of which there are so many. */
    private static List<TestEvent> imports(String thread, int count) {
        try (var stream = client.events("/threads/" + thread + "/events")) {
            return stream.filter(event -> event.event().equals("turns.imported"))
                    .limit(count)
                    .toList();
        }
    }

    private static int turns(TestEvent imported) {
        return imported.json().get("last_turn").intValue()
                - imported.json().get("first_turn").intValue()
                + 1;
    }

    private static Prompt promptOf(String question) {
        return gateway.model().prompts().stream()
                .filter(prompt -> prompt.question().equals(question))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> messages(String thread) {
        return client.list("/threads/" + thread + "/messages", 100);
    }

    private static List<String> texts(List<JsonNode> messages) {
        return messages.stream().map(ThreadCopiesIT::said).toList();
    }

    private static List<String> ids(List<JsonNode> messages) {
        return messages.stream().map(TestClient::id).toList();
    }

    private static String said(JsonNode message) {
        return message.get("role").stringValue() + ": " + TestClient.text(message);
    }
}
