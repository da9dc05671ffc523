package dev.heddle.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTests {
    private static final ModelOptions ALL_SET = new ModelOptions(0.7, 1.0, 256, "low", "{\"type\":\"json_object\"}");
    private static final String ALL_SET_JSON = """
            {"temperature":0.7,"top_p":1.0,"max_completion_tokens":256,"reasoning_effort":"low",\
            "response_format":"{\\"type\\":\\"json_object\\"}"}""";
    private static final List<FunctionTool> TOOLS = List.of(
            new FunctionTool("sum", "Adds", "{\"type\":\"object\",\"x\":1.0}", true),
            new FunctionTool("now", null, null, null));
    private static final String TOOLS_JSON = """
            [{"name":"sum","description":"Adds","parameters":"{\\"type\\":\\"object\\",\\"x\\":1.0}","strict":true},\
            {"name":"now"}]""";

    @Test
    void aMessageIsSpeltTheSameForEver() {
        var message = new Item.Message(
                Role.USER,
                List.of(
                        new Content.Text("Schlüssel \"🔑\"\n"),
                        new Content.ImageUrl("https://x/1.png", Content.Detail.AUTO)));
        var json = """
                {"type":"message","role":"user","content":[{"type":"text","text":"Schlüssel \\"🔑\\"\\n"},\
                {"type":"image_url","url":"https://x/1.png","detail":"auto"}]}""";

        assertThat(JsonText.of(message)).isEqualTo(json);
        assertThat(JsonText.item(json)).isEqualTo(message);
    }

    @Test
    void aMessageWithoutContentIsKept() {
        var message = new Item.Message(Role.ASSISTANT, List.of());

        assertThat(JsonText.item(JsonText.of(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"type\":\"spell\"}",
                "{\"type\":\"message\",\"role\":\"tool\",\"content\":[]}",
                "{\"type\":\"message\",\"role\":\"user\"}",
                "{\"type\":\"message\",\"role\":\"user\",\"content\":\"text\"}",
                "{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"video\"}]}",
                "{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":1}]}",
                "{\"type\":\"message\",\"role\":\"user\",\"content\":[]} {}",
            })
    void whatIsNoItemIsRefused(String json) {
        assertThatThrownBy(() -> JsonText.item(json)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void anAssistantIsSpeltTheSameForEver() {
        Map<String, Object> metadata = Map.of("team", "blue");
        var spec = new AssistantSpec("gpt-4o", "Ada", "Helps", "Be brief.", ALL_SET, List.of(), null, metadata);
        var json = """
                {"model":"gpt-4o","name":"Ada","description":"Helps","instructions":"Be brief.","options":%s}""".formatted(ALL_SET_JSON);

        assertThat(JsonText.of(spec)).isEqualTo(json);
        assertThat(JsonText.assistantSpec(json, metadata)).isEqualTo(spec);
    }

    @Test
    void aRunIsSpeltTheSameForEver() {
        var id = UUID.fromString("0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
        var spec = RunSpec.of(new AssistantId(id), "gpt-4o", "Be brief.", ALL_SET);
        var json = """
                {"assistant":"%s","model":"gpt-4o","instructions":"Be brief.","options":%s}""".formatted(id, ALL_SET_JSON);

        assertThat(JsonText.of(spec)).isEqualTo(json);
        assertThat(JsonText.runSpec(json)).isEqualTo(spec);
    }

    @Test
    void aFunctionCallIsSpeltTheSameForEver() {
        var call = new Item.FunctionCall(new CallId("call_1"), "sum", "{\"a\": 1}");
        var json = """
                {"type":"function_call","call":"call_1","name":"sum","arguments":"{\\"a\\": 1}"}""";

        assertThat(JsonText.of(call)).isEqualTo(json);
        assertThat(JsonText.item(json)).isEqualTo(call);
    }

    @Test
    void anOutputOfAFunctionIsSpeltTheSameForEver() {
        var output = new Item.FunctionCallOutput(new CallId("call_1"), "42");
        var json = """
                {"type":"function_call_output","call":"call_1","output":"42"}""";

        assertThat(JsonText.of(output)).isEqualTo(json);
        assertThat(JsonText.item(json)).isEqualTo(output);
    }

    @Test
    void theToolsAndTheStrategyOfAnAssistantAreSpeltTheSameForEver() {
        var spec =
                new AssistantSpec("demo", null, null, null, ModelOptions.DEFAULTS, TOOLS, Strategy.ROLLBACK, Map.of());
        var json = """
                {"model":"demo","options":{},"tools":%s,"strategy":"rollback"}""".formatted(TOOLS_JSON);

        assertThat(JsonText.of(spec)).isEqualTo(json);
        assertThat(JsonText.assistantSpec(json, Map.of())).isEqualTo(spec);
    }

    static Stream<Arguments> choices() {
        return Stream.of(
                Arguments.of(ToolChoice.AUTO, "\"auto\""),
                Arguments.of(new ToolChoice.None(), "\"none\""),
                Arguments.of(new ToolChoice.Required(), "\"required\""),
                Arguments.of(new ToolChoice.Named("sum"), "{\"function\":\"sum\"}"));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void theToolsAndTheLimitsOfARunAreSpeltTheSameForEver(ToolChoice choice, String choiceJson) {
        var spec = new RunSpec(
                null, "demo", "", ModelOptions.DEFAULTS, new ToolUse(TOOLS, choice, false), new ContextLimits(1000, 3));
        var json = """
                {"model":"demo","instructions":"","options":{},"tool_use":{"tools":%s,"choice":%s,"parallel":false},\
                "limits":{"max_prompt_tokens":1000,"last_messages":3}}""".formatted(TOOLS_JSON, choiceJson);

        assertThat(JsonText.of(spec)).isEqualTo(json);
        assertThat(JsonText.runSpec(json)).isEqualTo(spec);
    }

    @Test
    void whatIsSaidAboutNoToolsIsKept() {
        var spec = new RunSpec(
                null,
                "demo",
                "",
                ModelOptions.DEFAULTS,
                new ToolUse(List.of(), new ToolChoice.None(), true),
                new ContextLimits(null, 3));

        assertThat(JsonText.runSpec(JsonText.of(spec))).isEqualTo(spec);
    }

    @Test
    void whatWasStoredBeforeThereWereToolsIsRead() {
        assertThat(JsonText.runSpec("{\"model\":\"demo\",\"instructions\":\"\",\"options\":{}}"))
                .isEqualTo(RunSpec.of(null, "demo", "", ModelOptions.DEFAULTS));
        assertThat(JsonText.assistantSpec("{\"model\":\"demo\",\"options\":{}}", Map.of()))
                .isEqualTo(
                        new AssistantSpec("demo", null, null, null, ModelOptions.DEFAULTS, List.of(), null, Map.of()));
    }

    @Test
    void whatIsNotSetIsLeftOut() {
        var assistant = new AssistantSpec("demo", null, null, null, ModelOptions.DEFAULTS, List.of(), null, Map.of());
        var run = RunSpec.of(null, "demo", "", ModelOptions.DEFAULTS);

        assertThat(JsonText.of(assistant)).isEqualTo("{\"model\":\"demo\",\"options\":{}}");
        assertThat(JsonText.of(run)).isEqualTo("{\"model\":\"demo\",\"instructions\":\"\",\"options\":{}}");
        assertThat(JsonText.assistantSpec(JsonText.of(assistant), Map.of())).isEqualTo(assistant);
        assertThat(JsonText.runSpec(JsonText.of(run))).isEqualTo(run);
    }

    @Test
    void metadataOfAnyShapeAreKept() {
        Map<String, Object> metadata = Map.of(
                "text",
                "ä",
                "whole",
                7,
                "long",
                5_000_000_000L,
                "part",
                0.1,
                "flag",
                true,
                "list",
                List.of(1, "two"),
                "map",
                Map.of("deep", List.of()));

        assertThat(JsonText.metadata(JsonText.of(metadata))).isEqualTo(metadata);
    }
}
