package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import tools.jackson.databind.JsonNode;

/** Members of OpenAI's requests that are about files, of which there are none: accepted while they ask for nothing. */
final class Unsupported {
    private static final String NO_FILES = "Heddle keeps no files.";

    private Unsupported() {}

    static void checkToolResources(JsonFields fields) {
        checkHollow(fields, "tool_resources");
    }

    static void checkAttachments(JsonFields fields) {
        checkHollow(fields, "attachments");
    }

    static RuntimeException imageFile(JsonFields part) {
        return Invalid.unsupported(
                part.path("image_file"), NO_FILES + " Send an 'image_url' instead; it may be a data URL.");
    }

    private static void checkHollow(JsonFields fields, String name) {
        fields.value(name).filter(node -> !isHollow(node)).ifPresent(_ -> {
            throw Invalid.unsupported(fields.path(name), NO_FILES);
        });
    }

    /** Whether nothing is in it, however nested. */
    private static boolean isHollow(JsonNode node) {
        return node.isNull() || (node.isContainer() && node.valueStream().allMatch(Unsupported::isHollow));
    }
}
