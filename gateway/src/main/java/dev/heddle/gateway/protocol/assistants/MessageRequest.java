package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.persistence.NewItem;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Role;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the messages that clients bring. */
final class MessageRequest {
    private static final Set<String> NAMES = Set.of("role", "content", "attachments", "metadata");
    private static final Set<String> ALONE =
            Set.of("role", "content", "attachments", "metadata", OnActiveRunRequest.FIELD);
    private static final List<String> ROLES = List.of("user", "assistant");
    private static final List<String> PARTS = List.of("text", "image_url", "image_file");
    private static final List<String> DETAILS = List.of("auto", "low", "high");

    private MessageRequest() {}

    static NewItem read(JsonFields fields) {
        return message(fields.only(NAMES));
    }

    /** A message that comes by itself, and may say how. */
    static NewItem readAlone(JsonFields fields) {
        return message(fields.only(ALONE));
    }

    /** The messages in an array of this name; none when there is no such array. */
    static List<NewItem> readAll(JsonFields fields, String name) {
        return fields.objects(name).stream().map(MessageRequest::read).toList();
    }

    private static NewItem message(JsonFields fields) {
        var role = fields.requiredOneOf("role", ROLES).equals("user") ? Role.USER : Role.ASSISTANT;
        var message = new Item.Message(role, content(fields));
        Unsupported.checkAttachments(fields);
        return new NewItem(message, fields.metadata().orElse(Map.of()));
    }

    private static List<Content> content(JsonFields fields) {
        JsonNode content = fields.required("content");
        if (content.isString()) {
            return List.of(new Content.Text(fields.requiredText("content")));
        }
        if (!content.isArray()) {
            throw Invalid.type(fields.path("content"), "a string or an array", content);
        }
        return fields.requiredObjects("content").stream()
                .map(MessageRequest::part)
                .toList();
    }

    private static Content part(JsonFields part) {
        return switch (part.requiredOneOf("type", PARTS)) {
            case "text" -> new Content.Text(part.only(Set.of("type", "text")).requiredText("text"));
            case "image_url" -> image(part.only(Set.of("type", "image_url")).requiredObject("image_url"));
            default -> throw Unsupported.imageFile(part);
        };
    }

    private static Content image(JsonFields image) {
        image.only(Set.of("url", "detail"));
        String detail = image.oneOf("detail", DETAILS).orElse("auto");
        return new Content.ImageUrl(image.requiredText("url"), Content.Detail.valueOf(detail.toUpperCase(Locale.ROOT)));
    }
}
