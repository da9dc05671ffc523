package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.JSON;
import static dev.heddle.gateway.testing.TestClient.asking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestGateway;
import dev.heddle.gateway.testing.TestSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads over a WebSocket: cut off anywhere, live and afterwards, and opened by a ticket. */
class ThreadSocketIT {
    private static final String QUESTION = "Hello? [[chunks=20 delay=5ms]]";
    private static final Map<String, Object> NOTHING_IN_MEMORY =
            Map.of("heddle.tail.max-per-thread", "1B", "heddle.tail.max", "1B", "heddle.http.frame-cache", "0B");

    static List<Map<String, Object>> settings() {
        return List.of(Map.of(), NOTHING_IN_MEMORY);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aReaderThatIsCutOffAfterEveryEventHearsTheSameBytes(Map<String, Object> settings) {
        try (var gateway = TestGateway.start(settings)) {
            var client = gateway.client();
            String thread = client.newThread();
            var live = CompletableFuture.supplyAsync(() -> oneByOne(gateway, thread));

            client.post("/threads/" + thread + "/runs", asking(client.newAssistant(), QUESTION));
            var whole = untilRunEnds(gateway, thread, 0);

            assertThat(whole).hasSizeGreaterThan(20);
            assertThat(live.join()).isEqualTo(whole);
            for (int cut = 0; cut < whole.size() - 1; cut++) {
                assertThat(untilRunEnds(gateway, thread, cut))
                        .as("behind %d", cut)
                        .isEqualTo(whole.subList(cut, whole.size()));
            }
        }
    }

    @Test
    void anEventHasTheBytesOfTheThreadsEventStream() {
        try (var gateway = TestGateway.start()) {
            var client = gateway.client();
            String thread = client.newThread();
            client.post("/threads/" + thread + "/runs", asking(client.newAssistant(), QUESTION));

            var told = untilRunEnds(gateway, thread, 0);

            try (var events = client.events("/threads/" + thread + "/events")) {
                assertThat(events.limit(told.size())
                                .map(event -> "{\"type\":\"event\",\"thread_id\":\"" + thread + "\",\"event\":\""
                                        + event.event() + "\"," + event.data().substring(1)))
                        .isEqualTo(told);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "run"})
    void aTicketOpensAStreamWithoutAKeyAndJustOnce(String of) {
        try (var gateway = TestGateway.start(Map.of("heddle.http.api-keys", "acme:sk-secret"))) {
            var client = gateway.client();
            String thread = id(keyed(client, "/threads", Map.of()));
            String assistant = id(keyed(client, "/assistants", Map.of("model", "scripted")));
            String run = id(keyed(client, "/threads/" + thread + "/runs", asking(assistant, QUESTION)));
            var body = of.equals("thread") ? Map.of("thread_id", thread) : Map.of("run_id", run);
            String path = "/threads/" + thread + (of.equals("thread") ? "" : "/runs/" + run) + "/events?ticket=";

            String ticket = ticket(client, body);

            try (var events = client.events(path + ticket)) {
                assertThat(events.findFirst()).isPresent();
            }
            assertThat(client.send(client.request(path + ticket).GET()).statusCode())
                    .isEqualTo(401);
            assertThat(client.send(client.request(path + "tkt_madeup").GET()).body())
                    .contains("invalid_ticket");
        }
    }

    @Test
    void aTicketOpensTheStreamOfAResponse() {
        try (var gateway = TestGateway.start(Map.of("heddle.http.api-keys", "acme:sk-secret"))) {
            var client = gateway.client();
            String response =
                    id(keyed(client, "/responses", Map.of("model", "scripted", "input", QUESTION, "background", true)));
            var body = Map.of("run_id", response);

            String path = "/responses/" + response + "?stream=true&ticket=" + ticket(client, body);

            try (var lines = client.lines(path)) {
                assertThat(lines).anyMatch(line -> line.equals("event: response.completed"));
            }
            assertThat(client.send(client.request(path).GET()).statusCode()).isEqualTo(401);
            String object = "/responses/" + response + "?ticket=" + ticket(client, body);
            assertThat(client.send(client.request(object).GET()).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aTicketOpensTheSocketForItsThread() {
        try (var gateway = TestGateway.start(Map.of("heddle.http.api-keys", "acme:sk-secret"))) {
            var client = gateway.client();
            String thread = id(keyed(client, "/threads", Map.of()));
            String other = id(keyed(client, "/threads", Map.of()));
            String path = "/stream?ticket=" + ticket(client, Map.of("thread_id", thread));

            try (var socket = TestSocket.open(gateway.baseUrl(), path, Map.of("Origin", "https://elsewhere.example"))) {
                socket.say(subscribe(other, 0, 1));
                assertThat(socket.next()).contains("No thread found");
                socket.say(subscribe(thread, 0, 1));
                assertThat(socket.next()).contains("\"subscribed\"");
            }
            assertThatThrownBy(() -> TestSocket.open(gateway.baseUrl(), path)).isInstanceOf(CompletionException.class);
        }
    }

    @Test
    void theServersEndClosesTheSocketWith1001AndBadWordsWith4000() {
        var gateway = TestGateway.start();
        try (var socket = TestSocket.open(gateway.baseUrl(), "/stream");
                var confused = TestSocket.open(gateway.baseUrl(), "/stream")) {
            confused.say("hello");
            assertThat(confused.closeCode()).isEqualTo(4000);

            gateway.close();

            assertThat(socket.closeCode()).isEqualTo(1001);
        }
    }

    private static List<String> oneByOne(TestGateway gateway, String thread) {
        var events = new ArrayList<String>();
        while (events.isEmpty() || !endsRun(events.getLast())) {
            try (var socket = TestSocket.open(gateway.baseUrl(), "/stream")) {
                socket.say(subscribe(thread, events.size(), 1));
                assertThat(socket.next()).contains("\"subscribed\"");
                events.add(socket.next());
            }
        }
        return events;
    }

    private static List<String> untilRunEnds(TestGateway gateway, String thread, int after) {
        var events = new ArrayList<String>();
        try (var socket = TestSocket.open(gateway.baseUrl(), "/stream")) {
            socket.say(subscribe(thread, after, 10_000));
            assertThat(socket.next()).contains("\"subscribed\"");
            while (events.isEmpty() || !endsRun(events.getLast())) {
                events.add(socket.next());
            }
        }
        return events;
    }

    private static boolean endsRun(String event) {
        return event.contains("\"event\":\"run.completed\"");
    }

    private static String subscribe(String thread, long after, int credit) {
        return JSON.writeValueAsString(
                Map.of("type", "subscribe", "thread_id", thread, "after", after, "credit", credit));
    }

    private static String ticket(TestClient client, Map<String, ?> scope) {
        return JSON.readTree(keyed(client, "/stream_tickets", scope))
                .get("ticket")
                .stringValue();
    }

    private static String keyed(TestClient client, String path, Map<String, ?> body) {
        var answer = client.send(client.request(path)
                .header("Authorization", "Bearer sk-secret")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String id(String object) {
        return TestClient.id(JSON.readTree(object));
    }
}
