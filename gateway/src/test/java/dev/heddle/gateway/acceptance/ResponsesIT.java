package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.asking;
import static dev.heddle.gateway.testing.ResponsesClient.message;
import static dev.heddle.gateway.testing.ResponsesClient.text;
import static dev.heddle.gateway.testing.ResponsesClient.textOf;
import static dev.heddle.gateway.testing.TestClient.JSON;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Prompt;
import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.ResponsesClient.Refusal;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** One response: what it is asked for, what it says, and what is kept of it. */
@Timeout(120)
class ResponsesIT {
    private static TestGateway gateway;
    private static ResponsesClient responses;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        responses = new ResponsesClient(gateway.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aTextIsAnswered() {
        var response = responses.ask("Hello?");

        assertThat(response.get("status").stringValue()).isEqualTo("completed");
        assertThat(text(response)).isEqualTo("Answer to: Hello?");
        var message = response.at("/output/0");
        assertThat(id(message)).startsWith("msg_");
        assertThat(message.get("role").stringValue()).isEqualTo("assistant");
        assertThat(message.get("status").stringValue()).isEqualTo("completed");
        assertThat(message.at("/content/0/annotations")).isEmpty();
        assertThat(message.at("/content/0/logprobs")).isEmpty();
        assertThat(response.at("/usage/input_tokens").intValue()).isPositive();
        assertThat(response.get("completed_at").longValue())
                .isGreaterThanOrEqualTo(response.get("created_at").longValue());
    }

    @Test
    void whatWasNotAskedForHasItsDefault() {
        var response = responses.ask("Defaults?");

        var defaults = JSON.readTree("""
                {"object":"response","background":false,"error":null,"incomplete_details":null,"instructions":null,
                 "model":"scripted","parallel_tool_calls":true,"previous_response_id":null,"conversation":null,
                 "reasoning":{"effort":null,"summary":null},"store":true,"temperature":1,"top_p":1,
                 "presence_penalty":0,"frequency_penalty":0,"top_logprobs":0,"text":{"format":{"type":"text"}},
                 "tool_choice":"auto","tools":[],"truncation":"disabled","max_output_tokens":null,
                 "max_tool_calls":null,"service_tier":"default","metadata":{},"safety_identifier":null,
                 "prompt_cache_key":null}""");
        defaults.properties()
                .forEach(member -> assertThat(plain(response.get(member.getKey())))
                        .as(member.getKey())
                        .isEqualTo(plain(member.getValue())));
    }

    @Test
    void nullMeansTheDefault() {
        var body = JSON.readTree("""
                {"model":"scripted","input":"Nulls?","instructions":null,"stream":null,"store":null,"background":null,
                 "previous_response_id":null,"conversation":null,"metadata":null,"parallel_tool_calls":null,
                 "max_output_tokens":null,"max_tool_calls":null,"temperature":null,"top_p":null,"top_logprobs":null,
                 "reasoning":null,"truncation":null,"include":null,"service_tier":null,"safety_identifier":null,
                 "prompt_cache_key":null,"context_management":null,"stream_options":null}""");

        var response = JSON.readTree(
                gateway.client().send(responses.post("/responses", body)).body());

        assertThat(response.path("status").asString("")).as(response.toString()).isEqualTo("completed");
        assertThat(plain(response.get("temperature"))).isEqualTo("1.0");
        assertThat(response.get("service_tier").stringValue()).isEqualTo("default");
    }

    @Test
    void whatWasAskedForIsShownAgain() {
        var asked = JSON.readTree("""
                {"model":"scripted","input":"Echo?","instructions":"Be brief.","store":true,"metadata":{"a":"b"},
                 "parallel_tool_calls":false,"max_output_tokens":16,"max_tool_calls":2,"temperature":0.5,"top_p":0.25,
                 "presence_penalty":1.5,"frequency_penalty":-0.5,"top_logprobs":0,"truncation":"auto",
                 "reasoning":{"effort":"low","summary":"auto"},"safety_identifier":"someone",
                 "prompt_cache_key":"some key","tool_choice":"none",
                 "text":{"format":{"type":"json_object"},"verbosity":"low"},
                 "tools":[{"type":"function","name":"weather","description":"Tells it.",
                           "parameters":{"type":"object","properties":{}},"strict":true}]}""");

        var response = responses.create(members(asked));

        asked.properties().stream()
                .filter(member -> !Set.of("input").contains(member.getKey()))
                .forEach(member -> assertThat(plain(response.get(member.getKey())))
                        .as(member.getKey())
                        .isEqualTo(plain(member.getValue())));
        assertThat(responses.get(id(response))).isEqualTo(response);
    }

    @Test
    void aFunctionIsShownWithAllItsMembers() {
        var response = responses.ask("Tools?", "tools", List.of(Map.of("type", "function", "name", "weather")));

        assertThat(response.get("tools")).isEqualTo(JSON.readTree("""
                [{"type":"function","name":"weather","description":null,"parameters":null,"strict":null}]"""));
    }

    @Test
    void whatTheModelIsToldIsWhatWasAsked() {
        responses.ask(
                "Told what?",
                "instructions",
                "Be brief.",
                "max_output_tokens",
                16,
                "temperature",
                0.5,
                "top_p",
                0.25,
                "presence_penalty",
                1.5,
                "frequency_penalty",
                -0.5);

        var prompt = prompt("Told what?");
        assertThat(prompt.messages()).extracting(Prompt.Message::text).containsExactly("Be brief.", "Told what?");
        assertThat(prompt.messages().getFirst().role()).isIn("system", "developer");
        assertThat(prompt.maxCompletionTokens()).hasValue(16);
        assertThat(prompt.body().get("temperature").doubleValue()).isEqualTo(0.5);
        assertThat(prompt.body().get("top_p").doubleValue()).isEqualTo(0.25);
        assertThat(prompt.body().get("presence_penalty").doubleValue()).isEqualTo(1.5);
        assertThat(prompt.body().get("frequency_penalty").doubleValue()).isEqualTo(-0.5);
    }

    @Test
    void itemsAreTakenInTheirOrder() {
        var history = List.of(
                message("developer", "Be brief."),
                message("user", "One?"),
                Map.of(
                        "type",
                        "message",
                        "role",
                        "assistant",
                        "content",
                        List.of(Map.of("type", "output_text", "text", "Two.")),
                        "phase",
                        "final_answer"),
                Map.of(
                        "role",
                        "user",
                        "content",
                        List.of(
                                Map.of("type", "input_text", "text", "Three, "),
                                Map.of("type", "input_text", "text", "four?"))));

        var response = responses.ask(history);

        assertThat(text(response)).isEqualTo("Answer to: Three, four?");
        assertThat(prompt("Three, four?").messages())
                .extracting(Prompt.Message::text)
                .containsExactly("Be brief.", "One?", "Two.", "Three, four?");
    }

    @Test
    void itsInputItemsAreListedPageByPage() {
        var response = responses.ask(List.of(
                message("user", "A?"), message("assistant", "B."), message("user", "C?"), message("user", "D?")));

        var newest = responses.inputItems(id(response), "");
        var first = responses.inputItems(id(response), "?order=asc&limit=3");
        var second = responses.inputItems(id(response), "?order=asc&limit=3&after=" + id(first.at("/data/2")));
        var back = responses.inputItems(id(response), "?order=desc&limit=1&after=" + id(first.at("/data/2")));

        assertThat(texts(newest)).containsExactly("D?", "C?", "B.", "A?");
        assertThat(texts(first)).containsExactly("A?", "B.", "C?");
        assertThat(first.get("has_more").booleanValue()).isTrue();
        assertThat(first.get("first_id")).isEqualTo(first.at("/data/0/id"));
        assertThat(first.get("last_id")).isEqualTo(first.at("/data/2/id"));
        assertThat(texts(second)).containsExactly("D?");
        assertThat(second.get("has_more").booleanValue()).isFalse();
        assertThat(texts(back)).containsExactly("B.");
        assertThat(newest.get("data").valueStream().map(TestClient::id))
                .allSatisfy(id -> assertThat(id).startsWith("msg_"))
                .doesNotHaveDuplicates();
    }

    @Test
    void aListBehindItsLastItemIsEmpty() {
        var response = responses.ask("Alone?");
        String only = responses.inputItems(id(response), "").at("/data/0/id").stringValue();

        var list = responses.inputItems(id(response), "?after=" + only);

        assertThat(list.get("data")).isEmpty();
        assertThat(list.get("first_id").stringValue()).isEmpty();
        assertThat(list.get("last_id").stringValue()).isEmpty();
        assertThat(list.get("has_more").booleanValue()).isFalse();
    }

    @Test
    void aDeletedResponseIsGone() {
        String response = id(responses.ask("Forget me?"));

        var deleted = responses.delete(response);

        assertThat(deleted).isEqualTo(JSON.valueToTree(Map.of("id", response, "object", "response", "deleted", true)));
        var gone = new Refusal(404, "invalid_request_error", "", "", "Response with id '" + response + "' not found.");
        assertThat(responses.refusal(responses.request("/responses/" + response)))
                .isEqualTo(gone);
        assertThat(responses.refusal(responses.request("/responses/" + response + "?stream=true")))
                .isEqualTo(gone);
        assertThat(responses.refusal(responses.request("/responses/" + response + "/input_items")))
                .isEqualTo(gone);
        assertThat(responses.refusal(responses.post("/responses/" + response + "/cancel", Map.of())))
                .isEqualTo(gone);
        assertThat(responses.refusal(responses.delete("/responses/", response))).isEqualTo(gone);
    }

    @Test
    void aResponseThatIsNotStoredCannotBeFound() {
        var response = responses.ask("Off the record?", "store", false);

        assertThat(response.get("store").booleanValue()).isFalse();
        assertThat(text(response)).isEqualTo("Answer to: Off the record?");
        assertThat(responses
                        .refusal(responses.request("/responses/" + id(response)))
                        .status())
                .isEqualTo(404);
        assertThat(responses
                        .refusal(responses.request("/responses/" + id(response) + "/input_items"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void theModelsOwnLimitMakesItIncomplete() {
        var response = responses.ask("How long? [[chunks=3 finish_reason=length]]", "max_output_tokens", 16);

        assertThat(response.get("status").stringValue()).isEqualTo("incomplete");
        assertThat(response.at("/incomplete_details/reason").stringValue()).isEqualTo("max_output_tokens");
        assertThat(response.at("/output/0/status").stringValue()).isEqualTo("incomplete");
        assertThat(text(response)).isEqualTo("Answer to: How");
    }

    @Test
    void aFilteredAnswerIsIncomplete() {
        var response = responses.ask("Really? [[chunks=3 finish_reason=content_filter]]");

        assertThat(response.get("status").stringValue()).isEqualTo("incomplete");
        assertThat(response.at("/incomplete_details/reason").stringValue()).isEqualTo("content_filter");
    }

    @Test
    void aModelThatFailsMakesItFail() {
        var response = responses.ask("Will you last? [[chunks=9 fail=reset@4]]");

        assertThat(response.get("status").stringValue()).isEqualTo("failed");
        assertThat(response.at("/error/code").stringValue()).isEqualTo("server_error");
        assertThat(response.at("/error/message").stringValue()).isNotBlank();
    }

    @Test
    void aSchemaForTheAnswerGoesToTheModelAndIsShownAgain() {
        var schema = Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string")));
        var format = Map.of("type", "json_schema", "name", "place", "schema", schema, "strict", true);

        var response = responses.ask("Where? [[text={\"city\":\"Paris\"}]]", "text", Map.of("format", format));

        assertThat(text(response)).isEqualTo("{\"city\":\"Paris\"}");
        var shown = response.at("/text/format");
        assertThat(shown.get("schema")).isEqualTo(JSON.valueToTree(schema));
        assertThat(shown.get("strict").booleanValue()).isTrue();
        var sent = prompt("Where?").body().get("response_format");
        assertThat(sent.get("type").stringValue()).isEqualTo("json_schema");
        assertThat(sent.at("/json_schema/name").stringValue()).isEqualTo("place");
        assertThat(sent.at("/json_schema/schema")).isEqualTo(JSON.valueToTree(schema));
    }

    @Test
    void theTokensOfAnInputAreCounted() {
        var few = responses.inputTokens(asking("Few words?"));
        var many = responses.inputTokens(asking("A few words more than in the other question, are they not?"));

        assertThat(few.get("input_tokens").intValue()).isPositive();
        assertThat(many.get("input_tokens").intValue())
                .isGreaterThan(few.get("input_tokens").intValue());
    }

    @Test
    void aCompactedContextTakesThePlaceOfWhatItSums() {
        var history = List.of(message("user", "My name is Ada."), message("assistant", "Hello, Ada."));

        var compacted = responses.compact(asking(history));

        var items = compacted.get("output").valueStream().toList();
        assertThat(items).extracting(item -> item.get("type").stringValue()).contains("compaction");
        var next = new ArrayList<Object>(items);
        next.add(message("user", "Behind the compaction?"));
        assertThat(text(responses.ask(next))).isEqualTo("Answer to: Behind the compaction?");
    }

    private static Prompt prompt(String question) {
        return gateway.model().prompts().stream()
                .filter(prompt -> prompt.question().startsWith(question))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private static List<String> texts(JsonNode list) {
        return list.get("data")
                .valueStream()
                .map(item -> String.valueOf(textOf(item)))
                .toList();
    }

    /** Numbers are the same whether they have a fraction or not. */
    private static String plain(JsonNode value) {
        return value.isNumber() ? Double.toString(value.doubleValue()) : value.toString();
    }

    private static Map<String, Object> members(JsonNode object) {
        var members = new LinkedHashMap<String, Object>();
        object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }
}
