package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Members of OpenAI's requests that this version does not serve yet: accepted while they ask for nothing. */
final class Unsupported {
    private static final List<String> TOOL_CHOICES = List.of("none", "auto", "required");

    private Unsupported() {}

    static void checkTools(JsonFields fields) {
        if (fields.value("tools")
                .filter(tools -> !tools.isArray() || !tools.isEmpty())
                .isPresent()) {
            throw Invalid.unsupported(fields.path("tools"));
        }
        checkHollow(fields, "tool_resources");
    }

    static void checkAttachments(JsonFields fields) {
        checkHollow(fields, "attachments");
    }

    /** Of a run: how it would choose among tools, and how it would shorten its context. */
    static void checkRun(JsonFields fields) {
        checkTools(fields);
        checkToolChoice(fields);
        checkTruncation(fields);
        if (fields.bool("parallel_tool_calls").filter(parallel -> !parallel).isPresent()) {
            throw Invalid.unsupported(fields.path("parallel_tool_calls"));
        }
        if (fields.integer("max_prompt_tokens", 256, Integer.MAX_VALUE).isPresent()) {
            throw Invalid.unsupported(fields.path("max_prompt_tokens"));
        }
    }

    private static void checkToolChoice(JsonFields fields) {
        if (fields.value("tool_choice").filter(JsonNode::isObject).isPresent()) {
            throw Invalid.unsupported(fields.path("tool_choice"));
        }
        fields.oneOf("tool_choice", TOOL_CHOICES)
                .filter(choice -> !choice.equals("auto"))
                .ifPresent(_ -> {
                    throw Invalid.unsupported(fields.path("tool_choice"));
                });
    }

    private static void checkTruncation(JsonFields fields) {
        fields.object("truncation_strategy").ifPresent(strategy -> {
            boolean auto = strategy.requiredOneOf("type", List.of("auto", "last_messages"))
                    .equals("auto");
            if (!auto || strategy.value("last_messages").isPresent()) {
                throw Invalid.unsupported(fields.path("truncation_strategy"));
            }
        });
    }

    private static void checkHollow(JsonFields fields, String name) {
        fields.value(name).filter(node -> !isHollow(node)).ifPresent(_ -> {
            throw Invalid.unsupported(fields.path(name));
        });
    }

    /** Whether nothing is in it, however nested. */
    private static boolean isHollow(JsonNode node) {
        return node.isNull() || (node.isContainer() && node.valueStream().allMatch(Unsupported::isHollow));
    }
}
