package dev.heddle.persistence.postgres;

import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compact JSON of what is stored as JSON, and back. Reading what this class cannot have written throws: better no answer
 * than a wrong one.
 */
final class JsonText {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<Map<String, Object>> METADATA = new TypeReference<>() {};

    private JsonText() {}

    static String of(Item item) {
        return write(ItemJson.of(item));
    }

    static Item item(String json) {
        return ItemJson.item(read(json));
    }

    static List<Item.FunctionCall> calls(String json) {
        return ItemJson.calls(read(json));
    }

    static String of(ThreadEvent event) {
        return write(RareEventJson.of(event));
    }

    static ThreadEvent threadEvent(String json) {
        return RareEventJson.threadEvent(read(json));
    }

    /** Without the assistant's metadata, which have a column of their own. */
    static String of(AssistantSpec spec) {
        return write(SpecJson.of(spec));
    }

    static AssistantSpec assistantSpec(String json, Map<String, Object> metadata) {
        return SpecJson.assistantSpec(read(json), metadata);
    }

    static String of(RunSpec spec) {
        return write(SpecJson.of(spec));
    }

    static RunSpec runSpec(String json) {
        return SpecJson.runSpec(read(json));
    }

    static String of(Map<String, Object> metadata) {
        return MAPPER.writeValueAsString(metadata);
    }

    static Map<String, Object> metadata(String json) {
        return MAPPER.readValue(json, METADATA);
    }

    static String write(JsonNode json) {
        return MAPPER.writeValueAsString(json);
    }

    static JsonNode read(String json) {
        return MAPPER.readTree(json);
    }
}
