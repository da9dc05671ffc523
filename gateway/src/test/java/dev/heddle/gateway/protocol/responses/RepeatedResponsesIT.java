package dev.heddle.gateway.protocol.responses;

import static dev.heddle.gateway.testing.ResponsesClient.asking;
import static dev.heddle.gateway.testing.ResponsesClient.message;
import static dev.heddle.gateway.testing.TestClient.JSON;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.Compat;
import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.TicketFilter;
import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import dev.heddle.persistence.testing.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests with an {@code Idempotency-Key}, repeated: every {@code POST} of responses and conversations. */
@Timeout(120)
class RepeatedResponsesIT {
    private static final int AT_ONCE = 12;
    private static final Pattern POST = Pattern.compile("\\(POST && /v1(/\\S*)\\)");
    private static final String CALLED = "Weather? [[call=weather({})]]";
    private static final List<Map<String, Object>> TOOLS = List.of(ResponsesClient.function("weather"));

    /** Those of a response that another answer may show differently, since it goes on. */
    private static final List<String> PASSING = List.of("status", "output", "usage", "completed_at");

    private static final ExecutorService CALLERS = Executors.newVirtualThreadPerTaskExecutor();

    private record Call(String route, String path, Map<String, Object> body) {}

    /** Every path that stores something, in every way it does. */
    private static final Map<String, Function<World, Call>> CALLS = calls();

    private static final Set<String> STORE_NOTHING = Set.of("/responses/compact", "/responses/input_tokens");

    private static TestGateway gateway;
    private static TestClient client;
    private static ResponsesClient responses;

    private final String key = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        client = gateway.client();
        responses = new ResponsesClient(client);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        CALLERS.close();
    }

    private static Map<String, Function<World, Call>> calls() {
        var calls = new LinkedHashMap<String, Function<World, Call>>();
        calls.put("a response", _ -> response(asking("Hello?")));
        calls.put("one that is not stored", _ -> response(asking("Hello?", "store", false)));
        calls.put("one of the background", _ -> response(asking("Hello?", "background", true)));
        calls.put("one in a conversation", world -> response(asking("Hello?", "conversation", world.conversation)));
        calls.put("one behind the last", world -> response(asking("Hello?", "previous_response_id", world.last())));
        calls.put(
                "one behind an earlier one",
                world -> response(asking("Hello?", "previous_response_id", world.earlier())));
        calls.put(
                "outputs of calls behind the last",
                world -> response(asking(world.outputs(), "previous_response_id", id(world.called()))));
        calls.put(
                "calls and outputs in a conversation",
                world -> response(asking(pair(), "conversation", world.conversation)));
        calls.put("a cancel", world -> {
            String path = "/responses/" + world.running() + "/cancel";
            return new Call("/responses/{response_id}/cancel", path, Map.of());
        });
        calls.put(
                "a conversation",
                _ -> new Call("/conversations", "/conversations", Map.of("items", List.of(message("user", "Hello")))));
        calls.put(
                "metadata",
                world -> new Call(
                        "/conversations/{conversation_id}",
                        "/conversations/" + world.conversation,
                        Map.of("metadata", Map.of("color", "blue"))));
        calls.put("several items", world -> items(world, List.of(message("user", "One"), message("user", "Two"))));
        calls.put("a call and its output as items", world -> items(world, pair()));
        return calls;
    }

    static Set<String> kinds() {
        return CALLS.keySet();
    }

    @Test
    void everyPostOfTheFacadeIsInTheTable() {
        var settings = ResponsesSettings.of(Compat.OPEN);
        var routes = new ResponsesRoutes(
                        new NewResponsesHandler(null, null, null, null, null, null, null, settings),
                        new ResponsesHandler(null, null, null, null, null, settings),
                        new ConversationsHandler(null, null, null, null),
                        new ConversationItemsHandler(null, null, null, null, settings),
                        new SocketsHandler(null, null, null, null, null, null, null, null),
                        new ContextHandler(null, null, null, null, null, null, null, null))
                .routes(new KeyFilter(null), new TicketFilter(null, null, null));
        var posts = POST.matcher(routes.toString())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());

        var known = CALLS.values().stream()
                .map(call -> call.apply(new World()).route())
                .collect(Collectors.toSet());
        known.addAll(STORE_NOTHING);

        assertThat(known).isEqualTo(posts);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aRepeatedPostIsDoneOnceAndAnsweredTwice(String kind) {
        var request = post(CALLS.get(kind).apply(new World()), key);

        var first = client.send(request);
        var made = counts();
        var again = client.send(request);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(lasting(again)).isEqualTo(lasting(first));
        assertThat(counts()).isEqualTo(made);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theKeyOfAnyPostIsGoodForNoOtherRequest(String kind) {
        client.send(post(CALLS.get(kind).apply(new World()), key));
        var made = counts();

        var refusal = responses.refusal(post(response(asking("Another one?")), key));

        assertThat(refusal.status()).isEqualTo(422);
        assertThat(refusal.code()).isEqualTo("idempotency_key_reused");
        assertThat(refusal.param()).isEqualTo("Idempotency-Key");
        assertThat(counts()).isEqualTo(made);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void ofManyAtOnceOneIsDone(String kind) {
        var call = CALLS.get(kind).apply(new World());

        var answers = IntStream.range(0, AT_ONCE)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> client.send(post(call, key)), CALLERS))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        var made = counts();
        var again = client.send(post(call, key));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(lasting(answer)).isEqualTo(lasting(again));
        });
        assertThat(ask("select count(*) from idempotency_keys where key = '" + key + "'"))
                .isEqualTo("1");
        assertThat(counts()).isEqualTo(made);
    }

    @Test
    void aStreamThatIsAskedForAgainIsTheSameFromItsBeginning() {
        var request = post(response(asking("Tell me [[chunks=20 delay=20ms]]", "stream", true)), key);

        try (var first = client.events(request)) {
            var events = first.iterator();
            var seen = new ArrayList<TestEvent>();
            do {
                seen.add(events.next());
            } while (!seen.getLast().event().equals("response.output_text.delta"));
            var second = CompletableFuture.supplyAsync(() -> all(request), CALLERS);
            events.forEachRemaining(seen::add);

            assertThat(second.join()).isEqualTo(seen);
            assertThat(all(request)).isEqualTo(seen);
            assertThat(seen.getLast().data()).isEqualTo("[DONE]");
        }
    }

    @Test
    void aResponseIsFoundAgainWhenItsParentIsGone() {
        var world = new World();
        String parent = world.last();
        var request = post(response(asking("Hello?", "previous_response_id", parent)), key);
        var first = client.send(request);
        responses.delete(parent);

        var again = client.send(request);

        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(lasting(again)).isEqualTo(lasting(first));
    }

    @Test
    void aRefusedRequestLeavesItsKeyFree() {
        var unknown = asking("Hello?", "previous_response_id", "resp_" + "0".repeat(24));

        assertThat(responses.refusal(post(response(unknown), key)).code()).isEqualTo("previous_response_not_found");
        assertThat(client.send(post(response(asking("Hello?")), key)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatStoresNothingLeavesItsKeyFree() {
        var context = Map.<String, Object>of("model", "scripted", "input", "Sum this up.");

        for (String path : STORE_NOTHING) {
            var first = client.send(post(new Call(path, path, context), key));
            var again = client.send(post(new Call(path, path, context), key));
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        }
        assertThat(client.send(post(response(asking("Hello?")), key)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBadKeyIsRefusedOnEveryPost() {
        var world = new World();
        var context = Map.<String, Object>of("model", "scripted", "input", "Sum this up.");
        var calls = new ArrayList<>(
                CALLS.values().stream().map(call -> call.apply(world)).toList());
        STORE_NOTHING.forEach(path -> calls.add(new Call(path, path, context)));

        for (Call call : calls) {
            var refusal = responses.refusal(post(call, "k".repeat(256)));
            assertThat(refusal.status()).as(call.toString()).isEqualTo(400);
            assertThat(refusal.param()).isEqualTo("Idempotency-Key");
        }
    }

    /** A conversation, and responses to go on from. */
    private static final class World {
        private final String conversation = responses.newConversation(message("user", "Good morning"));
        private @Nullable JsonNode called;

        String last() {
            return id(responses.ask("Who are you?"));
        }

        /** Another one goes on from it already, so that the next one needs a branch. */
        String earlier() {
            String earlier = last();
            responses.ask("And now?", "previous_response_id", earlier);
            return earlier;
        }

        JsonNode called() {
            if (called == null) {
                called = responses.ask(CALLED, "tools", TOOLS);
            }
            return called;
        }

        List<Map<String, Object>> outputs() {
            return List.of(
                    ResponsesClient.output(ResponsesClient.calls(called()).getFirst(), "rain"));
        }

        String running() {
            return id(responses.ask("For ever? [[fail=silence@1]]", "background", true));
        }
    }

    private static Call response(Map<String, Object> body) {
        return new Call("/responses", "/responses", body);
    }

    private static Call items(World world, List<Map<String, Object>> items) {
        return new Call(
                "/conversations/{conversation_id}/items",
                "/conversations/" + world.conversation + "/items",
                Map.of("items", items));
    }

    private static List<Map<String, Object>> pair() {
        return List.of(
                Map.of("type", "function_call", "call_id", "call_1", "name", "weather", "arguments", "{}"),
                Map.of("type", "function_call_output", "call_id", "call_1", "output", "rain"));
    }

    private static HttpRequest.Builder post(Call call, String key) {
        String body = call.body().isEmpty() ? "" : JSON.writeValueAsString(call.body());
        return client.request(call.path()).header("Idempotency-Key", key).POST(BodyPublishers.ofString(body));
    }

    private static List<TestEvent> all(HttpRequest.Builder request) {
        try (var events = client.events(request)) {
            return events.toList();
        }
    }

    private static JsonNode lasting(HttpResponse<String> response) {
        var json = (ObjectNode) JSON.readTree(response.body());
        boolean passes = json.get("object").stringValue().equals("response")
                && json.get("background").booleanValue();
        return passes ? json.remove(PASSING) : json;
    }

    /** How many there are of everything that a request makes. */
    private static String counts() {
        return ask("""
                select concat_ws(' ', (select count(*) from threads), (select count(*) from turns),
                                 (select count(*) from runs), (select count(*) from idempotency_keys),
                                 (select count(*) from items where kind <> 'message'))
                """);
    }

    private static String ask(String query) {
        return TestDatabase.ask(gateway.database(), query);
    }
}
