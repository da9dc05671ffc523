package dev.heddle.persistence.postgres;

import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Role;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How an item is spelt where it is stored. What was written once must be readable for ever. */
final class ItemJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ItemJson() {}

    static ObjectNode of(Item item) {
        return switch (item) {
            case Item.Message message -> of(message);
            case Item.FunctionCall call ->
                JSON.objectNode()
                        .put("type", "function_call")
                        .put("call", call.call().value())
                        .put("name", call.name())
                        .put("arguments", call.arguments());
            case Item.FunctionCallOutput output ->
                JSON.objectNode()
                        .put("type", "function_call_output")
                        .put("call", output.call().value())
                        .put("output", output.output());
            case Item.Reasoning reasoning ->
                JSON.objectNode().put("type", "reasoning").put("summary", reasoning.summary());
            case Item.Compaction compaction ->
                JSON.objectNode().put("type", "compaction").put("summary", compaction.summary());
        };
    }

    /** @throws IllegalArgumentException when the type is none that is known here */
    static Item item(JsonNode json) {
        return switch (json.required("type").stringValue()) {
            case "message" -> message(json);
            case "function_call" -> new Item.FunctionCall(call(json), text(json, "name"), text(json, "arguments"));
            case "function_call_output" -> new Item.FunctionCallOutput(call(json), text(json, "output"));
            case "reasoning" -> new Item.Reasoning(text(json, "summary"));
            case "compaction" -> new Item.Compaction(text(json, "summary"));
            case String unknown -> throw new IllegalArgumentException("No item has the type " + unknown);
        };
    }

    static ArrayNode of(List<Item.FunctionCall> calls) {
        var json = JSON.arrayNode();
        calls.forEach(call -> json.add(of(call)));
        return json;
    }

    static List<Item.FunctionCall> calls(JsonNode json) {
        return json.asArray()
                .valueStream()
                .map(ItemJson::item)
                .map(Item.FunctionCall.class::cast)
                .toList();
    }

    private static ObjectNode of(Item.Message message) {
        var json = JSON.objectNode().put("type", "message").put("role", Spelling.of(message.role()));
        if (message.phase() != null) {
            json.put("phase", Spelling.of(message.phase()));
        }
        var content = json.putArray("content");
        message.content().forEach(part -> content.add(of(part)));
        return json;
    }

    private static Item.Message message(JsonNode json) {
        return new Item.Message(
                Spelling.read(Role.class, json.required("role").stringValue()),
                json.required("content")
                        .asArray()
                        .valueStream()
                        .map(ItemJson::content)
                        .toList(),
                json.optional("phase")
                        .map(phase -> Spelling.read(Item.Phase.class, phase.stringValue()))
                        .orElse(null));
    }

    private static CallId call(JsonNode json) {
        return new CallId(text(json, "call"));
    }

    private static String text(JsonNode json, String name) {
        return json.required(name).stringValue();
    }

    private static ObjectNode of(Content content) {
        return switch (content) {
            case Content.Text text -> JSON.objectNode().put("type", "text").put("text", text.text());
            case Content.ImageUrl image ->
                JSON.objectNode()
                        .put("type", "image_url")
                        .put("url", image.url())
                        .put("detail", Spelling.of(image.detail()));
        };
    }

    private static Content content(JsonNode json) {
        return switch (json.required("type").stringValue()) {
            case "text" -> new Content.Text(json.required("text").stringValue());
            case "image_url" -> image(json);
            case String unknown -> throw new IllegalArgumentException("No content has the type " + unknown);
        };
    }

    private static Content.ImageUrl image(JsonNode json) {
        return new Content.ImageUrl(
                json.required("url").stringValue(),
                Spelling.read(Content.Detail.class, json.required("detail").stringValue()));
    }
}
