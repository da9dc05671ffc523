package dev.heddle.gateway.testing;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds what is seen of the Responses API to both of its descriptions, OpenAI's and that of Open Responses. Where the two
 * contradict each other OpenAI's form is checked: Open Responses knows fewer types of items and of tools, instructions
 * that are text only, and formats whose schema is not shown, but their description. Without the descriptions nothing is checked.
 */
public final class ResponsesSchemas {
    static final Optional<ApiDescription> OPENAI = ApiDescription.find("responses-openapi.json");
    static final Optional<ApiDescription> OPEN = ApiDescription.find("openresponses-2026-04-24.json");

    private static final Set<String> OPEN_ITEMS =
            Set.of("message", "function_call", "function_call_output", "reasoning", "compaction");
    private static final Set<String> OPEN_CHOICES = Set.of("function", "allowed_tools");

    /** A body, and what the descriptions call it; the second name is empty where only OpenAI has such a body. */
    public enum Body {
        RESPONSE("Response", "ResponseResource"),
        DELETED_RESPONSE("XResponseDeleted", ""),
        INPUT_ITEMS("ResponseItemList", ""),
        COMPACTION("CompactResource", "CompactResource"),
        INPUT_TOKENS("TokenCountsResource", ""),
        CONVERSATION("ConversationResource", ""),
        DELETED_CONVERSATION("DeletedConversationResource", ""),
        ITEMS("ConversationItemList", ""),
        ITEM("ConversationItem", ""),
        ERROR("ErrorResponse", ""),
        SOCKET_ERROR("XWebSocketErrorEvent", "WebSocketErrorEvent");

        private final String openai;
        private final String open;

        Body(String openai, String open) {
            this.openai = openai;
            this.open = open;
        }
    }

    private ResponsesSchemas() {}

    public static void check(Body body, JsonNode json) {
        OPENAI.ifPresent(description -> description.check(body.openai, json));
        if (!body.open.isEmpty()) {
            OPEN.ifPresent(description -> description.check(body.open, relaxed(json)));
        }
    }

    /** Checks an event of a response. OpenAI must know it. */
    public static void checkEvent(JsonNode event) {
        String type = Violation.text(event, "type");
        OPENAI.ifPresent(description -> {
            Violation.unless(description.schemaOf(type).isPresent(), "OpenAI has no event " + type);
            description.check(description.schemaOf(type).orElseThrow(), event);
        });
        if (!isForeign(event.path("item"))) {
            OPEN.ifPresent(description ->
                    description.schemaOf(type).ifPresent(schema -> description.check(schema, relaxed(event))));
        }
    }

    /** Without what Open Responses does not know or forbids against OpenAI. */
    private static JsonNode relaxed(JsonNode json) {
        JsonNode copy = json.deepCopy();
        relax(copy);
        relax(copy.path("response"));
        return copy;
    }

    private static void relax(JsonNode json) {
        if (json.path("output") instanceof ArrayNode output) {
            removeIf(output, ResponsesSchemas::isForeign);
        }
        if (json.path("tools") instanceof ArrayNode tools) {
            removeIf(tools, tool -> !tool.path("type").asString("").equals("function"));
        }
        if (json instanceof ObjectNode response && response.has("object")) {
            relaxMembers(response);
        }
    }

    private static void relaxMembers(ObjectNode response) {
        if (response.path("instructions").isArray()) {
            response.putNull("instructions");
        }
        if (response.path("tool_choice").isObject()
                && !OPEN_CHOICES.contains(response.at("/tool_choice/type").asString(""))) {
            response.put("tool_choice", "auto");
        }
        if (response.at("/text/format") instanceof ObjectNode format && format.has("schema")) {
            format.putNull("schema");
            format.putIfAbsent("description", NullNode.getInstance());
        }
    }

    private static boolean isForeign(JsonNode item) {
        return item.isObject() && !OPEN_ITEMS.contains(item.path("type").asString(""));
    }

    private static void removeIf(ArrayNode array, Predicate<JsonNode> which) {
        for (int i = array.size() - 1; i >= 0; i--) {
            if (which.test(array.get(i))) {
                array.remove(i);
            }
        }
    }
}
