package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponsesSchemas.Body;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client of responses and conversations. Everything it gets is held to the grammar and to both descriptions. Each method
 * wants its answer to be 200; {@link #refusal} wants it not to be.
 */
public final class ResponsesClient {
    private final TestClient http;

    public ResponsesClient(TestClient http) {
        this.http = http;
    }

    /** An answer that is no 200. Code and parameter are empty when they are null. */
    public record Refusal(int status, String type, String code, String param, String message) {}

    /** The body of a request for {@code input}: text or items, then names and values of further members. */
    public static Map<String, Object> asking(Object input, Object... members) {
        var body = new LinkedHashMap<String, Object>(Map.of("model", "scripted", "input", input));
        for (int i = 0; i < members.length; i += 2) {
            body.put((String) members[i], members[i + 1]);
        }
        return body;
    }

    public static Map<String, Object> message(String role, String text) {
        return Map.of("role", role, "content", text);
    }

    public static Map<String, Object> output(JsonNode call, String output) {
        String id = call.get("call_id").stringValue();
        return Map.of("type", "function_call_output", "call_id", id, "output", output);
    }

    public static Map<String, Object> function(String name) {
        return Map.of("type", "function", "name", name);
    }

    public JsonNode create(Map<String, Object> body) {
        return response(post("/responses", body));
    }

    /** The response to a question, with names and values of further members of the request. */
    public JsonNode ask(Object input, Object... members) {
        return create(asking(input, members));
    }

    public ResponseStream stream(Object input, Object... members) {
        var body = asking(input, members);
        body.put("stream", true);
        return ResponseStream.of(http.open(post("/responses", body)), List.of());
    }

    public JsonNode get(String response) {
        return response(request("/responses/" + response));
    }

    /** From the first event. */
    public ResponseStream replay(String response) {
        return ResponseStream.of(http.open(request("/responses/" + response + "?stream=true")), List.of());
    }

    /** Behind the events that were seen. */
    public ResponseStream resume(String response, List<TestEvent> seen) {
        String path = "/responses/" + response + "?stream=true&starting_after=" + (seen.size() - 1);
        return ResponseStream.of(http.open(request(path)), seen);
    }

    public JsonNode cancel(String response) {
        return response(post("/responses/" + response + "/cancel", Map.of()));
    }

    /** Follows a background response to its end. */
    public JsonNode settled(String response) {
        try (var stream = replay(response)) {
            stream.forEachRemaining(_ -> {});
        }
        return get(response);
    }

    public JsonNode delete(String response) {
        return checked(Body.DELETED_RESPONSE, delete("/responses/", response));
    }

    public JsonNode inputItems(String response, String query) {
        return checked(Body.INPUT_ITEMS, request("/responses/" + response + "/input_items" + query));
    }

    public JsonNode compact(Map<String, Object> body) {
        return checked(Body.COMPACTION, post("/responses/compact", body));
    }

    public JsonNode inputTokens(Map<String, Object> body) {
        return checked(Body.INPUT_TOKENS, post("/responses/input_tokens", body));
    }

    /** A conversation with these items: its id. */
    public String newConversation(Object... items) {
        return TestClient.id(createConversation(Map.of("items", List.of(items))));
    }

    public JsonNode createConversation(Map<String, Object> body) {
        return checked(Body.CONVERSATION, post("/conversations", body));
    }

    public JsonNode conversation(String id) {
        return checked(Body.CONVERSATION, request("/conversations/" + id));
    }

    public JsonNode update(String conversation, Map<String, Object> body) {
        return checked(Body.CONVERSATION, post("/conversations/" + conversation, body));
    }

    public JsonNode deleteConversation(String id) {
        return checked(Body.DELETED_CONVERSATION, delete("/conversations/", id));
    }

    public JsonNode add(String conversation, Object... items) {
        return checked(Body.ITEMS, post("/conversations/" + conversation + "/items", Map.of("items", List.of(items))));
    }

    public JsonNode items(String conversation, String query) {
        return checked(Body.ITEMS, request("/conversations/" + conversation + "/items" + query));
    }

    /** Every item of the conversation, oldest first, page by page. */
    public List<JsonNode> transcript(String conversation, int limit) {
        var items = new ArrayList<JsonNode>();
        String after = "";
        while (true) {
            var page = items(conversation, "?order=asc&limit=" + limit + after);
            page.get("data").forEach(items::add);
            if (!page.get("has_more").booleanValue()) {
                return items;
            }
            after = "&after=" + page.get("last_id").stringValue();
        }
    }

    public JsonNode item(String conversation, String item) {
        return checked(Body.ITEM, request("/conversations/" + conversation + "/items/" + item));
    }

    public JsonNode deleteItem(String conversation, String item) {
        return checked(Body.CONVERSATION, delete("/conversations/" + conversation + "/items/", item));
    }

    public HttpRequest.Builder request(String path) {
        return http.request(path).GET();
    }

    public HttpRequest.Builder post(String path, Object body) {
        return http.request(path).POST(BodyPublishers.ofString(TestClient.JSON.writeValueAsString(body)));
    }

    public HttpRequest.Builder delete(String path, String id) {
        return http.request(path + id).DELETE();
    }

    /** What refuses a request for {@code input}. */
    public Refusal refusal(Map<String, Object> body) {
        return refusal(post("/responses", body));
    }

    public Refusal refusal(HttpRequest.Builder request) {
        var answer = http.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("application/json");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        var json = TestClient.JSON.readTree(answer.body());
        ResponsesSchemas.check(Body.ERROR, json);
        var error = json.get("error");
        assertThat(error.propertyNames()).containsExactlyInAnyOrder("message", "type", "param", "code");
        return new Refusal(
                answer.statusCode(),
                error.get("type").asString(""),
                error.get("code").asString(""),
                error.get("param").asString(""),
                error.get("message").stringValue());
    }

    /** What the response says, all messages and parts put together. */
    public static String text(JsonNode response) {
        return response.get("output")
                .valueStream()
                .filter(item -> item.get("type").stringValue().equals("message"))
                .flatMap(item -> item.get("content").valueStream())
                .map(part -> part.path("text").asString(""))
                .collect(Collectors.joining());
    }

    /** The calls among the output of a response. */
    public static List<JsonNode> calls(JsonNode response) {
        return response.get("output")
                .valueStream()
                .filter(item -> item.get("type").stringValue().equals("function_call"))
                .toList();
    }

    /** The text of a message's first part, else {@code null}. */
    public static @Nullable String textOf(JsonNode item) {
        return item.at("/content/0/text").asString(null);
    }

    private JsonNode response(HttpRequest.Builder request) {
        JsonNode response = checked(Body.RESPONSE, request);
        ResponseSnapshot.check(response);
        return response;
    }

    private JsonNode checked(Body body, HttpRequest.Builder request) {
        HttpResponse<String> answer = http.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("application/json");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        JsonNode json = TestClient.JSON.readTree(answer.body());
        ResponsesSchemas.check(body, json);
        return json;
    }
}
