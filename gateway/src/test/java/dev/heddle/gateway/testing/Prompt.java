package dev.heddle.gateway.testing;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request that came to the server: its body, and the value of its {@code Authorization} header (may be empty). */
public record Prompt(String json, String authorization) {
    private static final JsonMapper JSON = new JsonMapper();

    /** One message; of several parts the texts, put together. */
    public record Message(String role, String text) {}

    public JsonNode body() {
        return JSON.readTree(json);
    }

    public String model() {
        return body().path("model").asString("");
    }

    public List<Message> messages() {
        return body().path("messages").valueStream().map(Prompt::message).toList();
    }

    /** What the user said last; empty when nothing. */
    public String question() {
        return messages().reversed().stream()
                .filter(message -> message.role().equals("user"))
                .findFirst()
                .map(Message::text)
                .orElse("");
    }

    private static Message message(JsonNode message) {
        return new Message(message.path("role").asString(""), text(message.path("content")));
    }

    private static String text(JsonNode content) {
        return content.isArray()
                ? content.valueStream()
                        .map(part -> part.path("text").asString(""))
                        .collect(Collectors.joining())
                : content.asString("");
    }
}
