package dev.heddle.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTests {
    private static final ModelOptions ALL_SET = new ModelOptions(0.7, 1.0, 256, "low", "{\"type\":\"json_object\"}");
    private static final String ALL_SET_JSON = """
            {"temperature":0.7,"top_p":1.0,"max_completion_tokens":256,"reasoning_effort":"low",\
            "response_format":"{\\"type\\":\\"json_object\\"}"}""";

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
                "{\"type\":\"message\",\"role\":\"system\",\"content\":[]}",
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
        var spec = new AssistantSpec("gpt-4o", "Ada", "Helps", "Be brief.", ALL_SET, metadata);
        var json = """
                {"model":"gpt-4o","name":"Ada","description":"Helps","instructions":"Be brief.","options":%s}""".formatted(ALL_SET_JSON);

        assertThat(JsonText.of(spec)).isEqualTo(json);
        assertThat(JsonText.assistantSpec(json, metadata)).isEqualTo(spec);
    }

    @Test
    void aRunIsSpeltTheSameForEver() {
        var id = UUID.fromString("0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
        var spec = new RunSpec(new AssistantId(id), "gpt-4o", "Be brief.", ALL_SET);
        var json = """
                {"assistant":"%s","model":"gpt-4o","instructions":"Be brief.","options":%s}""".formatted(id, ALL_SET_JSON);

        assertThat(JsonText.of(spec)).isEqualTo(json);
        assertThat(JsonText.runSpec(json)).isEqualTo(spec);
    }

    @Test
    void whatIsNotSetIsLeftOut() {
        var assistant = new AssistantSpec("demo", null, null, null, ModelOptions.DEFAULTS, Map.of());
        var run = new RunSpec(null, "demo", "", ModelOptions.DEFAULTS);

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
