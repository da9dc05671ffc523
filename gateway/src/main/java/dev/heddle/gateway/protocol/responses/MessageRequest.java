package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Role;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the messages that clients bring; what a model said before comes back as an assistant's. */
final class MessageRequest {
    private static final Set<String> NAMES = Set.of("type", "id", "role", "content", "status", "phase");
    private static final List<String> ROLES = List.of("user", "assistant", "system", "developer");
    private static final List<String> PHASES = List.of("commentary", "final_answer");
    private static final List<String> PARTS = List.of("input_text", "output_text", "refusal", "input_image");
    private static final List<String> DETAILS = List.of("auto", "low", "high");

    private MessageRequest() {}

    static Item.Message read(JsonFields fields) {
        fields.only(NAMES);
        var role = Role.valueOf(fields.requiredOneOf("role", ROLES).toUpperCase(Locale.ROOT));
        var phase = phase(fields);
        if (phase.isPresent() && role != Role.ASSISTANT) {
            throw Invalid.because(fields.path("phase"), "only messages of the assistant have a phase.");
        }
        return new Item.Message(role, content(fields), phase.orElse(null));
    }

    private static Optional<Item.Phase> phase(JsonFields fields) {
        return fields.oneOf("phase", PHASES).map(phase -> Item.Phase.valueOf(phase.toUpperCase(Locale.ROOT)));
    }

    private static List<Content> content(JsonFields fields) {
        JsonNode content = fields.required("content");
        if (content.isString()) {
            return List.of(new Content.Text(
                    fields.text("content", InputRequest.MAX_TEXT).orElse("")));
        }
        if (!content.isArray()) {
            throw Invalid.type(fields.path("content"), "a string or an array", content);
        }
        return fields.anyObjects("content").stream().map(MessageRequest::part).toList();
    }

    private static Content part(JsonFields part) {
        return switch (part.requiredText("type")) {
            case "input_text", "text" -> text(part.only(Set.of("type", "text")), "text");
            // What it cites is not shown to models.
            case "output_text" -> text(part.only(Set.of("type", "text", "annotations", "logprobs")), "text");
            case "refusal" -> text(part.only(Set.of("type", "refusal")), "refusal");
            case "input_image" -> image(part);
            case "input_file" ->
                throw Invalid.unsupported(
                        part.path("type"), "Heddle keeps no files. Send their text as 'input_text' instead.");
            case String other -> throw Invalid.value(part.path("type"), other, PARTS);
        };
    }

    private static Content text(JsonFields part, String name) {
        part.requiredText(name);
        return new Content.Text(part.text(name, InputRequest.MAX_TEXT).orElse(""));
    }

    private static Content image(JsonFields part) {
        part.only(Set.of("type", "image_url", "detail", "file_id"));
        if (part.value("file_id").isPresent()) {
            throw Invalid.unsupported(
                    part.path("file_id"), "Heddle keeps no files. Send an 'image_url' instead; it may be a data URL.");
        }
        String detail = part.oneOf("detail", DETAILS).orElse("auto");
        return new Content.ImageUrl(
                part.requiredText("image_url"), Content.Detail.valueOf(detail.toUpperCase(Locale.ROOT)));
    }
}
