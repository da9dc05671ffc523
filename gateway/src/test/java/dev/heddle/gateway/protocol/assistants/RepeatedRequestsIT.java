package dev.heddle.gateway.protocol.assistants;

import static dev.heddle.gateway.testing.TestClient.JSON;
import static dev.heddle.gateway.testing.TestClient.asking;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import dev.heddle.persistence.testing.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests with an {@code Idempotency-Key}, repeated: every {@code POST} of the facade, streams among them. */
class RepeatedRequestsIT {
    private static final Pattern POST = Pattern.compile("\\(POST && /v1(/\\S*)\\)");
    private static final Map<String, Object> WEATHER =
            Map.of("type", "function", "function", Map.of("name", "weather"));
    private static final Map<String, Object> METADATA = Map.of("metadata", Map.of("color", "blue"));

    /** Those of a run that other answers may show differently, since it goes on. */
    private static final List<String> PASSING =
            List.of("status", "required_action", "expires_at", "started_at", "cancelled_at", "completed_at", "usage");

    private static final ExecutorService CALLERS = Executors.newVirtualThreadPerTaskExecutor();

    /** Every path that takes a {@code POST}, and a body for it. */
    private static final Map<String, Function<World, Map<String, Object>>> ROUTES = Map.ofEntries(
            Map.entry("/assistants", _ -> Map.of("model", "scripted")),
            Map.entry("/assistants/{assistant_id}", _ -> Map.of("name", "Ada")),
            Map.entry("/threads", _ -> Map.of("messages", List.of(saying("Hello")))),
            Map.entry(
                    "/threads/runs",
                    world -> Map.of(
                            "assistant_id", world.assistant, "thread", Map.of("messages", List.of(saying("Hello?"))))),
            Map.entry("/threads/{thread_id}", _ -> METADATA),
            Map.entry("/threads/{thread_id}/fork", _ -> METADATA),
            Map.entry("/threads/{thread_id}/copy_to/{target_id}", _ -> Map.of()),
            Map.entry("/threads/{thread_id}/merge_from/{source_id}", _ -> Map.of()),
            Map.entry("/threads/{thread_id}/messages", _ -> saying("Hello")),
            Map.entry("/threads/{thread_id}/messages/{message_id}", _ -> METADATA),
            Map.entry("/threads/{thread_id}/runs", world -> asking(world.assistant, "Hello?")),
            Map.entry("/threads/{thread_id}/runs/{run_id}", _ -> METADATA),
            Map.entry("/threads/{thread_id}/runs/{run_id}/cancel", _ -> Map.of()),
            Map.entry("/threads/{thread_id}/runs/{run_id}/submit_tool_outputs", World::outputs));

    private static TestGateway gateway;
    private static TestClient client;

    private final String key = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        client = gateway.client();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        CALLERS.close();
    }

    static Set<String> routes() {
        return ROUTES.keySet();
    }

    @Test
    void everyPostOfTheFacadeIsInTheTable() {
        var posts = POST.matcher(Facade.open().routes.toString())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());

        assertThat(routes()).isEqualTo(posts);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void aRepeatedPostIsDoneOnceAndAnsweredTwice(String route) {
        var world = new World();
        var request = post(world.path(route), ROUTES.get(route).apply(world), key);

        var first = client.send(request);
        var made = counts();
        var again = client.send(request);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(lasting(again)).isEqualTo(lasting(first));
        assertThat(counts()).isEqualTo(made);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void theKeyOfAnyPostIsGoodForNoOtherRequest(String route) {
        var world = new World();
        client.send(post(world.path(route), ROUTES.get(route).apply(world), key));
        var made = counts();

        var other = client.send(post("/assistants", Map.of("model", "another"), key));

        var error = JSON.readTree(other.body()).get("error");
        assertThat(other.statusCode()).as(other.body()).isEqualTo(422);
        assertThat(error.get("code").stringValue()).isEqualTo("idempotency_key_reused");
        assertThat(error.get("param").stringValue()).isEqualTo("Idempotency-Key");
        assertThat(counts()).isEqualTo(made);
    }

    @Test
    void theSameRequestWithAnotherBodyIsAnotherRequest() {
        var world = new World();
        var path = "/threads/" + world.thread + "/runs";
        client.send(post(path, asking(world.assistant, "Hello?"), key));
        var made = counts();

        var other = client.send(post(path, asking(world.assistant, "Hello!"), key));

        assertThat(other.statusCode()).as(other.body()).isEqualTo(422);
        assertThat(counts()).isEqualTo(made);
    }

    /** Of another facade, and unlike all these: its answer is a secret, which is not kept. */
    @Test
    void aStreamTicketIsRefusedUnderAKey() {
        var ticket = client.send(post("/stream_tickets", Map.of("thread_id", client.newThread()), key));

        assertThat(ticket.statusCode()).as(ticket.body()).isEqualTo(400);
        assertThat(JSON.readTree(ticket.body()).at("/error/param").stringValue())
                .isEqualTo("Idempotency-Key");
    }

    @Test
    void aStreamThatIsAskedForAgainIsTheSameFromItsBeginning() {
        var world = new World();
        var body = streamed(asking(world.assistant, "Tell me [[chunks=30 delay=20ms]]"));
        var request = post("/threads/" + world.thread + "/runs", body, key);

        assertAttaches(request, "thread.message.delta");
    }

    @Test
    void aStreamThatCreatesItsThreadIsTheSameFromItsBeginning() {
        var thread = Map.of("messages", List.of(saying("Tell me [[chunks=30 delay=20ms]]")), "metadata", Map.of());
        var body = streamed(Map.of("assistant_id", new World().assistant, "thread", thread));

        assertAttaches(post("/threads/runs", body, key), "thread.message.delta");
    }

    @Test
    void aStreamOfOutputsThatAreBroughtAgainIsTheSameFromItsBeginning() {
        var world = new World();
        var request = post(
                world.path("/threads/{thread_id}/runs/{run_id}/submit_tool_outputs"), streamed(world.outputs()), key);

        assertAttaches(request, "thread.run.in_progress");

        assertThat(ask("select count(*) from items where kind = 'function_call_output' and thread_id ="
                        + " (select thread_id from runs where id = (select made from idempotency_keys where key = '"
                        + key
                        + "'))"))
                .isEqualTo("1");
    }

    /** The second one begins while the first one runs, and a third one when all is over. */
    private static void assertAttaches(HttpRequest.Builder request, String underway) {
        try (var first = client.events(request)) {
            var events = first.iterator();
            var seen = new ArrayList<TestEvent>();
            do {
                seen.add(events.next());
            } while (!seen.getLast().event().equals(underway));
            var second = CompletableFuture.supplyAsync(() -> all(request), CALLERS);
            events.forEachRemaining(seen::add);

            assertThat(second.join()).isEqualTo(seen);
            assertThat(all(request)).isEqualTo(seen);
            assertThat(seen.getLast().event()).isEqualTo("done");
        }
    }

    @Test
    void ofManyRequestsAtOnceOneIsDone() {
        var world = new World();
        var path = "/threads/" + world.thread + "/runs";
        var before = client.list(path, 100).size();

        var runs = IntStream.range(0, 12)
                .mapToObj(_ -> CompletableFuture.supplyAsync(
                        () -> client.send(post(path, asking(world.assistant, "Hello?"), key)), CALLERS))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .map(response -> id(JSON.readTree(response.body())))
                .toList();

        assertThat(runs).hasSize(12).containsOnly(runs.getFirst());
        assertThat(client.list(path, 100)).hasSize(before + 1);
    }

    @Test
    void aRunIsFoundAgainWhenItsAssistantIsGone() {
        var world = new World();
        var request = post("/threads/" + world.thread + "/runs", asking(world.assistant, "Hello?"), key);
        var first = client.send(request);
        client.send(client.request("/assistants/" + world.assistant).DELETE());

        var again = client.send(request);

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(lasting(again)).isEqualTo(lasting(first));
    }

    @Test
    void aRefusedRequestLeavesItsKeyFree() {
        var world = new World();
        var path = "/threads/" + world.thread + "/runs";

        assertThat(client.send(post(path, Map.of("assistant_id", "asst_000000000000000000000000"), key))
                        .statusCode())
                .isEqualTo(404);
        assertThat(client.send(post(path, Map.of("assistant_id", world.assistant), key))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void withoutAKeyEveryRequestIsDone() {
        assertThat(client.newThread()).isNotEqualTo(client.newThread());
    }

    @Test
    void aBadKeyIsRefusedOnEveryPostAndNotLookedAtElsewhere() {
        var world = new World();

        for (String route : ROUTES.keySet()) {
            var refused = client.send(post(world.path(route), ROUTES.get(route).apply(world), "k".repeat(256)));
            assertThat(refused.statusCode()).as(route).isEqualTo(400);
            assertThat(refused.body()).contains("\"param\":\"Idempotency-Key\"");
        }
        var thread = "/threads/" + world.thread;
        assertThat(Stream.of(
                                client.request(thread).GET(),
                                client.request(thread).DELETE())
                        .map(request -> client.send(request.header("Idempotency-Key", "k".repeat(256))))
                        .map(HttpResponse::statusCode))
                .containsOnly(200);
    }

    /** A thread with a message and a run that waits for its client. */
    private static final class World {
        private final String assistant =
                id(client.post("/assistants", Map.of("model", "scripted", "tools", List.of(WEATHER))));
        private final String thread = client.newThread();
        private final String message = id(client.post("/threads/" + thread + "/messages", saying("Good morning")));
        private final JsonNode run = pausedRun();
        /** Its turn can be copied. */
        private final String settled = id(client.post("/threads", Map.of("messages", List.of(saying("Good evening")))));

        String path(String route) {
            return route.replace("{thread_id}/copy_to", settled + "/copy_to")
                    .replace("{thread_id}/fork", settled + "/fork")
                    .replace("{source_id}", settled)
                    .replace("{target_id}", thread)
                    .replace("{assistant_id}", assistant)
                    .replace("{thread_id}", thread)
                    .replace("{message_id}", message)
                    .replace("{run_id}", id(run));
        }

        Map<String, Object> outputs() {
            String call = run.at("/required_action/submit_tool_outputs/tool_calls/0/id")
                    .stringValue();
            return Map.of("tool_outputs", List.of(Map.of("tool_call_id", call, "output", "rain")));
        }

        private JsonNode pausedRun() {
            var runs = "/threads/" + thread + "/runs";
            var body = streamed(asking(assistant, "What is the weather? [[call=weather({})]]"));
            try (var events = client.events(runs, body)) {
                return events.filter(event -> event.event().equals("thread.run.requires_action"))
                        .findFirst()
                        .orElseThrow()
                        .json();
            }
        }
    }

    private static HttpRequest.Builder post(String path, Map<String, Object> body, String key) {
        return client.request(path)
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body.isEmpty() ? "" : JSON.writeValueAsString(body)));
    }

    private static Map<String, Object> streamed(Map<String, Object> body) {
        var streamed = new HashMap<>(body);
        streamed.put("stream", true);
        return streamed;
    }

    private static Map<String, Object> saying(String text) {
        return Map.of("role", "user", "content", text);
    }

    private static List<TestEvent> all(HttpRequest.Builder request) {
        try (var events = client.events(request)) {
            return events.toList();
        }
    }

    private static JsonNode lasting(HttpResponse<String> response) {
        var json = (ObjectNode) JSON.readTree(response.body());
        return json.get("object").stringValue().equals("thread.run") ? json.remove(PASSING) : json;
    }

    /** How many there are of everything that a request makes, and how often assistants were changed. */
    private static String counts() {
        return ask("""
                select concat_ws(' ', (select count(*) from assistants), (select sum(version) from assistants),
                                 (select count(*) from threads), (select count(*) from turns),
                                 (select count(*) from runs), (select count(*) from idempotency_keys))
                """);
    }

    private static String ask(String query) {
        return TestDatabase.ask(gateway.database(), query);
    }
}
