package dev.heddle.gateway.model;

import static dev.heddle.gateway.model.ModelCalls.call;
import static dev.heddle.gateway.model.ModelCalls.said;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.heddle.gateway.engine.ContextMessage;
import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request says of tools; the rest of it stands in {@link ChatCompletionsModelTests}. */
class ChatRequestTests {
    private static final FunctionTool TIME = new FunctionTool("time", null, null, null);
    private static final String TIME_JSON = "{\"type\":\"function\",\"function\":{\"name\":\"time\"}}";

    @Test
    void callsAndTheirOutputsAreMessages() {
        var weather = new Item.FunctionCall(new CallId("call_1"), "weather", "{\"city\":\"Paris\"}");
        var time = new Item.FunctionCall(new CallId("call_2"), "time", "{}");
        var request = call(
                ToolUse.NONE,
                said(Role.USER, "How is it?"),
                new ContextMessage.Called(List.of(new Content.Text("I look.")), List.of(weather, time)),
                new ContextMessage.Answered(new Item.FunctionCallOutput(weather.call(), "18 \"degrees\"")),
                new ContextMessage.Answered(new Item.FunctionCallOutput(time.call(), "")));

        assertThat(json(request)).endsWith("""
                "messages":[{"role":"user","content":"How is it?"},\
                {"role":"assistant","content":"I look.","tool_calls":[\
                {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Paris\\"}"}},\
                {"id":"call_2","type":"function","function":{"name":"time","arguments":"{}"}}]},\
                {"role":"tool","tool_call_id":"call_1","content":"18 \\"degrees\\""},\
                {"role":"tool","tool_call_id":"call_2","content":""}]}""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n"})
    void callsWithoutTextAndArgumentsHaveNullAndAnEmptyObject(String arguments) {
        var time = new Item.FunctionCall(new CallId("call_1"), "time", arguments);
        var request = call(ToolUse.NONE, new ContextMessage.Called(List.of(), List.of(time)));

        assertThat(json(request)).endsWith("""
                "messages":[{"role":"assistant","content":null,"tool_calls":[\
                {"id":"call_1","type":"function","function":{"name":"time","arguments":"{}"}}]}]}""");
    }

    @Test
    void toolsCarryWhatIsKnownOfThem() {
        var weather =
                new FunctionTool("weather", "Tells \"the weather\".", "{\"type\":\"object\",\"properties\":{}}", true);
        var lax = new FunctionTool("lax", "", null, false);

        assertThat(json(with(ToolChoice.AUTO, true, weather, lax, TIME))).contains("""
                "tools":[{"type":"function","function":{"name":"weather","description":"Tells \\"the weather\\".",\
                "parameters":{"type":"object","properties":{}},"strict":true}},\
                {"type":"function","function":{"name":"lax","description":"","strict":false}},""" + TIME_JSON + "],\"messages\"");
    }

    static Stream<Arguments> choices() {
        return Stream.of(
                arguments(ToolChoice.AUTO, ""),
                arguments(new ToolChoice.None(), ",\"tool_choice\":\"none\""),
                arguments(new ToolChoice.Required(), ",\"tool_choice\":\"required\""),
                arguments(
                        new ToolChoice.Named("time"),
                        ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"time\"}}"));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void theChoiceIsSaidUnlessItIsTheModels(ToolChoice choice, String json) {
        assertThat(json(with(choice, true, TIME))).contains("\"tools\":[" + TIME_JSON + "]" + json + ",\"messages\"");
        assertThat(json(with(choice, false, TIME)))
                .contains("\"tools\":[" + TIME_JSON + "]" + json + ",\"parallel_tool_calls\":false,\"messages\"");
    }

    @Test
    void ofAllTheToolsOnlyTheChosenOnesAreThereSoTheirNamesAreNotSaidAgain() {
        assertThat(json(with(new ToolChoice.Allowed(List.of("time"), true), true, TIME)))
                .contains("\"tool_choice\":\"required\"");
        assertThat(json(with(new ToolChoice.Allowed(List.of("time"), false), true, TIME)))
                .contains("\"tool_choice\":\"auto\"");
    }

    @Test
    void everythingTheSystemSaysIsOneMessageInFrontOfAllOthers() {
        var context = List.of(
                said(Role.SYSTEM, "Be kind."),
                said(Role.USER, "Hi"),
                said(Role.DEVELOPER, "Be short."),
                said(Role.ASSISTANT, "Hello"));
        var request = new ModelCall("m", "Help.", context, ModelOptions.DEFAULTS, ToolUse.NONE);

        assertThat(json(request)).endsWith("""
                "messages":[{"role":"system","content":"Help.\\n\\nBe kind.\\n\\nBe short."},\
                {"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}""");
    }

    @Test
    void imagesOfTheSystemKeepTheirPlaceAmongItsTexts() {
        var image = new Content.ImageUrl("https://x", Content.Detail.LOW);
        var system = new Item.Message(Role.DEVELOPER, List.of(image, new Content.Text("Like this.")));
        var request = new ModelCall(
                "m", "Draw.", List.of(new ContextMessage.Said(system)), ModelOptions.DEFAULTS, ToolUse.NONE);

        assertThat(json(request)).contains("""
                {"role":"system","content":[{"type":"text","text":"Draw."},{"type":"image_url",""");
    }

    @Test
    void optionsAreSaidWhereTheyAreGiven() {
        var options = new ModelOptions(null, null, null, "low", null, 0.5, -1.0, "high");
        var request = new ModelCall("m", "", List.of(said(Role.USER, "Hi")), options, ToolUse.NONE);

        assertThat(json(request)).contains("""
                "presence_penalty":0.5,"frequency_penalty":-1.0,"reasoning_effort":"low","verbosity":"high",""");
        assertThat(json(call(ToolUse.NONE, said(Role.USER, "Hi")))).doesNotContain("penalty", "verbosity");
    }

    @Test
    void withoutToolsNothingIsSaidOfThem() {
        assertThat(json(with(new ToolChoice.Required(), false))).doesNotContain("tool", "parallel");
    }

    private static ModelCall with(ToolChoice choice, boolean parallel, FunctionTool... tools) {
        return call(new ToolUse(List.of(tools), choice, parallel), said(Role.USER, "hi"));
    }

    private static String json(ModelCall call) {
        return new String(ChatRequest.of(call), UTF_8);
    }
}
