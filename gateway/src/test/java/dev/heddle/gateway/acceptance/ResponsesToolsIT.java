package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.asking;
import static dev.heddle.gateway.testing.ResponsesClient.calls;
import static dev.heddle.gateway.testing.ResponsesClient.function;
import static dev.heddle.gateway.testing.ResponsesClient.message;
import static dev.heddle.gateway.testing.ResponsesClient.output;
import static dev.heddle.gateway.testing.ResponsesClient.text;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Prompt;
import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Functions that the model asks for and the client calls. */
@Timeout(120)
class ResponsesToolsIT {
    private static final List<Map<String, Object>> TOOLS = List.of(function("weather"), function("time"));
    private static final String BOTH =
            "[[text=\"Let me see.\" call=weather({\"city\":\"Paris\"}) call=time({\"zone\":\"CET\"}) chars_per_fragment=4]]";

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

    @AfterEach
    void everyRequestWasLegal() {
        assertThat(gateway.model().violations()).isEmpty();
    }

    @Test
    void callsEndAResponseAndTheirOutputsBeginTheNext() {
        var called = responses.ask("And? " + BOTH, "tools", TOOLS);

        var answer = responses.ask(outputs(called), "tools", TOOLS, "previous_response_id", id(called));

        assertThat(called.get("status").stringValue()).isEqualTo("completed");
        assertThat(text(called)).isEqualTo("Let me see.");
        assertThat(calls(called))
                .extracting(call ->
                        call.get("name").stringValue() + call.get("arguments").stringValue())
                .containsExactly("weather{\"city\":\"Paris\"}", "time{\"zone\":\"CET\"}");
        assertThat(calls(called)).allSatisfy(call -> {
            assertThat(id(call))
                    .startsWith("fc_")
                    .isNotEqualTo(call.get("call_id").stringValue());
            assertThat(call.get("status").stringValue()).isEqualTo("completed");
        });
        assertThat(text(answer)).isEqualTo("Outputs: weather=weather is fine; time=time is fine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "no_index", "repeated", "whole", "at_once", "same_index", "no_id", "interleaved"})
    void parallelCallsAreStreamedUnderIndexesOfTheirOwn(String shape) {
        try (var stream =
                responses.stream("Streamed? " + BOTH.replace("]]", " call_shape=" + shape + "]]"), "tools", TOOLS)) {
            var events = stream.all();

            assertThat(events.stream()
                            .filter(event -> event.event().equals("response.output_item.added"))
                            .map(event -> event.json().get("output_index") + " "
                                    + event.json().at("/item/type").stringValue()))
                    .containsExactly("0 message", "1 function_call", "2 function_call");
            assertThat(calls(stream.response()))
                    .extracting(call -> call.get("arguments").stringValue())
                    .containsExactly("{\"city\":\"Paris\"}", "{\"zone\":\"CET\"}");
        }
    }

    @Test
    void aLoopTakesSeveralRounds() {
        String question = "Rounds? [[call=weather({}) then call=time({}) then text=Done.]]";
        var asked = new ArrayList<String>();

        var response = responses.ask(question, "tools", TOOLS);
        while (!calls(response).isEmpty()) {
            asked.add(calls(response).getFirst().get("name").stringValue());
            response = responses.ask(outputs(response), "tools", TOOLS, "previous_response_id", id(response));
        }

        assertThat(asked).containsExactly("weather", "time");
        assertThat(text(response)).isEqualTo("Done.");
    }

    @Test
    void aClientMayKeepTheWholeHistoryItself() {
        var history = new ArrayList<Object>(List.of(message("user", "By hand? [[call=weather({})]]")));
        var called = responses.ask(history, "tools", TOOLS, "store", false);
        called.get("output").forEach(history::add);
        history.addAll(outputs(called));

        var answer = responses.ask(history, "tools", TOOLS, "store", false);

        assertThat(text(answer)).isEqualTo("Outputs: weather=weather is fine");
    }

    @Test
    void anItemMayBeReferredToByItsId() {
        var called = responses.ask("By reference? [[call=weather({})]]", "tools", TOOLS);
        String question = id(responses.inputItems(id(called), "").at("/data/0"));

        var answer = responses.ask(
                List.of(
                        reference(question),
                        reference(id(calls(called).getFirst())),
                        outputs(called).getFirst()),
                "tools",
                TOOLS);

        assertThat(text(answer)).isEqualTo("Outputs: weather=weather is fine");
        var unknown = responses.refusal(asking(List.of(reference("msg_000000000000000000000000"))));
        assertThat(unknown.status()).isIn(400, 404);
        assertThat(unknown.message()).contains("msg_000000000000000000000000");
    }

    @Test
    void theOutputOfACallThatWasNeverMadeIsRefused() {
        var orphan = Map.of("type", "function_call_output", "call_id", "call_never", "output", "sun");
        var called = responses.ask("Which? [[call=weather({})]]", "tools", TOOLS);

        var alone = responses.refusal(asking(List.of(orphan)));
        var chained = responses.refusal(
                asking(List.of(outputs(called).getFirst(), orphan), "previous_response_id", id(called)));

        for (var refusal : List.of(alone, chained)) {
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.type()).isEqualTo("invalid_request_error");
            assertThat(refusal.message())
                    .contains("No tool call found for function call output with call_id call_never");
        }
    }

    @Test
    void aCallThatGetsNoOutputIsRefused() {
        var called = responses.ask("Both? " + BOTH, "tools", TOOLS);
        String second = calls(called).get(1).get("call_id").stringValue();

        var half = responses.refusal(
                asking(outputs(called).subList(0, 1), "previous_response_id", id(called), "tools", TOOLS));
        var none = responses.refusal(asking("Never mind?", "previous_response_id", id(called)));

        for (var refusal : List.of(half, none)) {
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.type()).isEqualTo("invalid_request_error");
            assertThat(refusal.message()).contains("No tool output found for function call");
        }
        assertThat(half.message()).contains(second);
    }

    @Test
    void theSamePairsHoldInAConversation() {
        String conversation = responses.newConversation();
        var called = responses.ask("Paired? [[call=weather({})]]", "conversation", conversation, "tools", TOOLS);

        var refusal = responses.refusal(asking("Never mind?", "conversation", conversation));
        var answer = responses.ask(outputs(called), "conversation", conversation, "tools", TOOLS);

        assertThat(refusal.message()).contains("No tool output found for function call");
        assertThat(text(answer)).isEqualTo("Outputs: weather=weather is fine");
    }

    @Test
    void anOutputMayHaveParts() {
        var called = responses.ask("Parts? [[call=weather({})]]", "tools", TOOLS);
        var parts =
                List.of(Map.of("type", "input_text", "text", "sun "), Map.of("type", "input_text", "text", "shine"));
        var output = Map.of(
                "type",
                "function_call_output",
                "call_id",
                calls(called).getFirst().get("call_id"),
                "output",
                parts);

        var answer = responses.ask(List.of(output), "tools", TOOLS, "previous_response_id", id(called));

        assertThat(text(answer)).isEqualTo("Outputs: weather=sun shine");
        assertThat(responses.inputItems(id(answer), "").at("/data/0/call_id"))
                .isEqualTo(calls(called).getFirst().get("call_id"));
    }

    @Test
    void theChoiceOfToolsGoesToTheModel() {
        responses.ask("Must you?", "tools", TOOLS, "tool_choice", "required", "parallel_tool_calls", false);
        responses.ask("This one?", "tools", TOOLS, "tool_choice", Map.of("type", "function", "name", "time"));

        assertThat(prompt("Must you?").toolChoice()).isEqualTo("required");
        assertThat(prompt("Must you?").parallelToolCalls()).isFalse();
        assertThat(prompt("Must you?").tools()).containsExactly("weather", "time");
        assertThat(prompt("This one?").toolChoice()).isEqualTo("time()");
    }

    @Test
    void onlyAllowedToolsAreOffered() {
        var allowed = Map.of("type", "allowed_tools", "mode", "required", "tools", List.of(function("time")));

        var response = responses.ask("Allowed?", "tools", TOOLS, "tool_choice", allowed);

        assertThat(response.get("tool_choice")).isEqualTo(TestClient.JSON.valueToTree(allowed));
        assertThat(response.get("tools")).hasSize(2);
        assertThat(prompt("Allowed?").tools()).containsExactly("time");
        assertThat(prompt("Allowed?").toolChoice()).isEqualTo("required");
    }

    @Test
    void aModelThatCallsWhatIsNotAllowedDoesNotGetItsWay() {
        var allowed = Map.of("type", "allowed_tools", "mode", "auto", "tools", List.of(function("time")));

        var response = responses.ask("Forbidden? [[call=weather({})]]", "tools", TOOLS, "tool_choice", allowed);

        assertThat(calls(response)).isEmpty();
    }

    @Test
    void withoutParallelCallsThereIsAtMostOne() {
        var response = responses.ask("One? " + BOTH, "tools", TOOLS, "parallel_tool_calls", false);

        assertThat(calls(response)).hasSizeLessThanOrEqualTo(1);
    }

    private static List<Map<String, Object>> outputs(JsonNode response) {
        return calls(response).stream()
                .map(call -> output(call, call.get("name").stringValue() + " is fine"))
                .toList();
    }

    private static Map<String, Object> reference(String item) {
        return Map.of("type", "item_reference", "id", item);
    }

    private static Prompt prompt(String question) {
        return gateway.model().prompts().stream()
                .filter(prompt -> prompt.question().startsWith(question))
                .reduce((_, later) -> later)
                .orElseThrow();
    }
}
