package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.asking;
import static dev.heddle.gateway.testing.TestClient.JSON;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.ResponsesClient.Refusal;
import dev.heddle.gateway.testing.TestGateway;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is refused, with which status, type, code and parameter. */
@Timeout(120)
class ResponsesErrorsIT {
    private static final String UNKNOWN = "000000000000000000000000";

    private static TestGateway gateway;
    private static TestGateway locked;
    private static TestGateway withoutUpstream;
    private static ResponsesClient responses;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        locked = TestGateway.start(Map.of("heddle.http.api-keys", "red:sk-red"));
        withoutUpstream = TestGateway.start(Map.of("heddle.upstream.base-url", ""));
        responses = new ResponsesClient(gateway.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        locked.close();
        withoutUpstream.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "model|null",
                "model|7",
                "input|null",
                "input|7",
                "model|\"\"",
                "input|[]",
                "instructions|7",
                "stream|\"yes\"",
                "store|\"no\"",
                "background|1",
                "previous_response_id|7",
                "conversation|7",
                "conversation|{\"name\":\"c\"}",
                "metadata|{\"a\":1}",
                "metadata|[]",
                "tools|{}",
                "tools|[{\"type\":\"function\"}]",
                "tools|[{\"type\":\"teleport\"}]",
                "tool_choice|\"perhaps\"",
                "tool_choice|{\"type\":\"function\",\"name\":\"unknown\"}",
                "parallel_tool_calls|\"yes\"",
                "max_output_tokens|15",
                "max_output_tokens|\"many\"",
                "max_tool_calls|0",
                "temperature|2.1",
                "temperature|-0.1",
                "temperature|\"hot\"",
                "top_p|1.1",
                "top_p|-0.1",
                "presence_penalty|2.1",
                "frequency_penalty|-2.1",
                "top_logprobs|21",
                "top_logprobs|-1",
                "text|{\"format\":{\"type\":\"xml\"}}",
                "text|{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}",
                "text|{\"verbosity\":\"endless\"}",
                "reasoning|{\"effort\":\"heroic\"}",
                "reasoning|{\"summary\":\"endless\"}",
                "truncation|\"somewhere\"",
                "include|\"everything\"",
                "include|[\"everything\"]",
                "service_tier|\"royal\"",
                "context_management|[{\"type\":\"compaction\",\"compact_threshold\":999}]",
                "input|[{\"type\":\"teleport\"}]",
                "input|[{\"role\":\"king\",\"content\":\"Hm?\"}]",
                "input|[{\"role\":\"user\"}]",
                "input|[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}]",
                "input|[{\"role\":\"user\",\"content\":[{\"type\":\"smell\"}]}]",
                "input|[{\"type\":\"function_call_output\",\"output\":\"18\"}]",
                "input|[{\"type\":\"function_call\",\"call_id\":\"c\",\"arguments\":\"{}\"}]"
            })
    void aBadMemberIsNamed(String member, String value) {
        var body = (ObjectNode) JSON.valueToTree(asking("Hm?"));
        body.set(member, JSON.readTree(value));

        var refusal = responses.refusal(responses.post("/responses", body));
        var streamed =
                member.equals("stream") ? refusal : responses.refusal(responses.post("/responses", streaming(body)));

        assertThat(refusal.status()).as(refusal.message()).isEqualTo(400);
        assertThat(refusal.type()).isEqualTo("invalid_request_error");
        assertThat(refusal.param()).as(refusal.message()).startsWith(member);
        assertThat(refusal.code()).isNotEmpty();
        assertThat(streamed).isEqualTo(refusal);
    }

    private static ObjectNode streaming(ObjectNode body) {
        return body.deepCopy().put("stream", true);
    }

    @Test
    void aMissingModelOrInputIsNamed() {
        var withoutModel = responses.refusal(Map.of("input", "Hm?"));
        var withoutInput = responses.refusal(Map.of("model", "scripted"));

        assertThat(withoutModel.code()).isEqualTo("missing_required_parameter");
        assertThat(withoutModel.param()).isEqualTo("model");
        assertThat(withoutInput.status()).isEqualTo(400);
        assertThat(withoutInput.type()).isEqualTo("invalid_request_error");
        assertThat(withoutInput.code()).isEqualTo("missing_required_parameter");
    }

    @Test
    void metadataHasItsBounds() {
        var many = Stream.iterate(0, i -> i < 17, i -> i + 1).collect(Collectors.toMap(i -> "k" + i, i -> "v"));

        assertThat(responses.refusal(asking("Hm?", "metadata", many)).param()).startsWith("metadata");
        assertThat(responses
                        .refusal(asking("Hm?", "metadata", Map.of("k".repeat(65), "v")))
                        .param())
                .startsWith("metadata");
        assertThat(responses
                        .refusal(asking("Hm?", "metadata", Map.of("k", "v".repeat(513))))
                        .param())
                .startsWith("metadata");
        assertThat(responses
                        .ask("Hm?", "metadata", Map.of("k".repeat(64), "v".repeat(512)))
                        .get("metadata"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "{\"model\":\"scripted\",\"input\":\"Hm?\"} x", "{\"model\":\"scrip"})
    void whatIsNoObjectIsRefused(String body) {
        for (String path : new String[] {"/responses", "/responses/compact", "/conversations/conv_" + UNKNOWN}) {
            var refusal = responses.refusal(gateway.client().request(path).POST(BodyPublishers.ofString(body)));

            assertThat(refusal.status()).as(path).isEqualTo(400);
            assertThat(refusal.type()).isEqualTo("invalid_request_error");
        }
    }

    @ParameterizedTest
    @MethodSource("unknownIds")
    void whatDoesNotExistIsNotFound(String method, String path, String named) {
        var request = gateway.client().request(path).method(method, BodyPublishers.ofString("{\"metadata\":{}}"));

        var refusal = responses.refusal(request);

        assertThat(refusal.status()).isEqualTo(404);
        assertThat(refusal.type()).isEqualTo("invalid_request_error");
        assertThat(refusal.code()).isEmpty();
        assertThat(refusal.param()).isEmpty();
        assertThat(refusal.message()).contains(named);
    }

    static Stream<String[]> unknownIds() {
        String response = "resp_" + UNKNOWN;
        String conversation = "conv_" + UNKNOWN;
        return Stream.of(
                new String[] {"GET", "/responses/" + response, "Response with id '" + response + "' not found."},
                new String[] {"GET", "/responses/" + response + "?stream=true", response},
                new String[] {"DELETE", "/responses/" + response, response},
                new String[] {"POST", "/responses/" + response + "/cancel", response},
                new String[] {"GET", "/responses/" + response + "/input_items", response},
                new String[] {"GET", "/conversations/" + conversation, conversation},
                new String[] {"POST", "/conversations/" + conversation, conversation},
                new String[] {"DELETE", "/conversations/" + conversation, conversation},
                new String[] {"GET", "/conversations/" + conversation + "/items", conversation},
                new String[] {"GET", "/conversations/" + conversation + "/items/msg_" + UNKNOWN, ""},
                new String[] {"DELETE", "/conversations/" + conversation + "/items/msg_" + UNKNOWN, ""});
    }

    @Test
    void anUnknownRouteAndAWrongMethodAreRefusedInTheSameShape() {
        var route = responses.refusal(responses.request("/responses/resp_" + UNKNOWN + "/nothing"));
        var method = responses.refusal(
                gateway.client().request("/responses/resp_" + UNKNOWN).PUT(BodyPublishers.ofString("{}")));

        assertThat(route.status()).isEqualTo(404);
        assertThat(route.type()).isEqualTo("invalid_request_error");
        assertThat(method.status()).isIn(404, 405);
        assertThat(method.type()).isEqualTo("invalid_request_error");
    }

    @Test
    void anUnknownConversationIsNotFoundByAResponse() {
        var refusal = responses.refusal(asking("Hm?", "conversation", "conv_" + UNKNOWN));

        assertThat(refusal.status()).isEqualTo(404);
        assertThat(refusal.message()).contains("conv_" + UNKNOWN);
    }

    @Test
    void aParentAndAConversationExcludeEachOther() {
        String conversation = responses.newConversation();
        String parent = id(responses.ask("First?"));

        var refusal = responses.refusal(asking("Hm?", "conversation", conversation, "previous_response_id", parent));

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.type()).isEqualTo("invalid_request_error");
    }

    @Test
    void aModelThatTheServerDoesNotKnowIsNamed() {
        var client = new ResponsesClient(withoutUpstream.client());

        for (String path : new String[] {"/responses", "/responses/compact"}) {
            var refusal = client.refusal(client.post(path, asking("Which model?")));

            assertThat(refusal.status()).isIn(400, 404);
            assertThat(refusal.type()).isEqualTo("invalid_request_error");
            assertThat(refusal.code()).isEqualTo("model_not_found");
            assertThat(refusal.param()).isEqualTo("model");
        }
        assertThat(client.create(Map.of("model", "demo", "input", "Hm?"))
                        .get("status")
                        .stringValue())
                .isEqualTo("completed");
    }

    @Test
    void withoutAKeyNothingIsSaid() {
        var client = new ResponsesClient(locked.client());
        var request = client.post("/responses", asking("Hm?"));

        var without = client.refusal(request.copy());
        var wrong = client.refusal(request.copy().header("authorization", "Bearer sk-blue"));

        assertThat(List.of(without, wrong))
                .extracting(Refusal::status, Refusal::type, Refusal::code)
                .containsOnly(tuple(401, "invalid_request_error", "invalid_api_key"));
        assertThat(locked.client()
                        .send(request.header("authorization", "Bearer sk-red"))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=101", "limit=x", "order=up", "after=msg_" + UNKNOWN})
    void badQueriesOfListsAreRefused(String query) {
        String response = id(responses.ask("Listed?"));
        String conversation = responses.newConversation();

        var ofInputs = responses.refusal(responses.request("/responses/" + response + "/input_items?" + query));
        var ofItems = responses.refusal(responses.request("/conversations/" + conversation + "/items?" + query));

        assertThat(ofInputs.status()).isIn(400, 404);
        assertThat(ofItems.status()).isEqualTo(ofInputs.status());
        assertThat(ofInputs.type()).isEqualTo("invalid_request_error");
    }

    @Test
    void whatIsRefusedLeavesNothing() {
        String conversation = responses.newConversation();

        responses.refusal(asking("Hm?", "conversation", conversation, "temperature", 3));

        JsonNode items = responses.items(conversation, "");
        assertThat(items.get("data")).isEmpty();
    }
}
