package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.FunctionName;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Role;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the items that clients bring: messages, function calls and their outputs, reasoning, compactions, and references
 * to items that are stored. Ids and statuses that items carry from an earlier answer are of no meaning here: what is
 * stored has its own.
 */
final class InputRequest {
    /** How many characters a text may have. */
    static final int MAX_TEXT = 10_485_760;

    private static final int MAX_CALL_ID = 256;
    private static final String MESSAGE = "message";
    private static final List<String> TYPES =
            List.of(MESSAGE, "function_call", "function_call_output", "reasoning", "compaction", "item_reference");

    private InputRequest() {}

    /** The member of this name: a text, which is a message of the user, or an array of items; none when it is absent. */
    static List<InputItem> read(JsonFields fields, String name) {
        return fields.value(name)
                .map(node -> node.isString() ? List.of(said(fields, name)) : items(fields.objects(name)))
                .orElse(List.of());
    }

    /** An array of items. */
    static List<InputItem> items(List<JsonFields> items) {
        return items.stream().map(InputRequest::item).toList();
    }

    private static InputItem said(JsonFields fields, String name) {
        return new InputItem.Given(
                Item.Message.of(Role.USER, fields.text(name, MAX_TEXT).orElse("")));
    }

    private static InputItem item(JsonFields item) {
        String type = item.text("type").orElse(item.has("role") || !item.has("id") ? MESSAGE : "item_reference");
        return switch (type) {
            case MESSAGE -> new InputItem.Given(MessageRequest.read(item));
            case "function_call" -> new InputItem.Given(call(item));
            case "function_call_output" -> new InputItem.Given(output(item));
            case "reasoning" -> new InputItem.Given(reasoning(item));
            case "compaction" -> new InputItem.Given(compaction(item));
            case "item_reference" -> reference(item.only(Set.of("type", "id")));
            default ->
                throw Invalid.unsupported(
                        item.path("type"),
                        "there is nothing here that could take an item of the type '" + type + "'. Supported types are "
                                + String.join(", ", TYPES) + ".");
        };
    }

    private static InputItem reference(JsonFields item) {
        String id = item.requiredText("id");
        return new InputItem.Reference(item.path("id"), OpenAiIds.item(item.path("id"), id));
    }

    private static Item call(JsonFields item) {
        item.only(Set.of("type", "id", "call_id", "name", "arguments", "status"));
        return new Item.FunctionCall(callId(item), FunctionName.read(item), item.requiredText("arguments"));
    }

    private static Item output(JsonFields item) {
        item.only(Set.of("type", "id", "call_id", "output", "status"));
        return new Item.FunctionCallOutput(callId(item), outputText(item));
    }

    private static CallId callId(JsonFields item) {
        String id = item.requiredText("call_id");
        item.text("call_id", MAX_CALL_ID);
        if (id.isEmpty()) {
            throw Invalid.because(item.path("call_id"), "it is empty.");
        }
        return new CallId(id);
    }

    /** Parts are put together: models read one text. */
    private static String outputText(JsonFields item) {
        if (!item.required("output").isArray()) {
            item.requiredText("output");
            return item.text("output", MAX_TEXT).orElse("");
        }
        return item.anyObjects("output").stream().map(InputRequest::outputPart).collect(Collectors.joining());
    }

    private static String outputPart(JsonFields part) {
        String type = part.requiredText("type");
        if (!type.equals("input_text")) {
            throw Invalid.unsupported(
                    part.path("type"), "models here read the outputs of functions as text. Send 'input_text'.");
        }
        return part.only(Set.of("type", "text")).requiredText("text");
    }

    private static Item reasoning(JsonFields item) {
        item.only(Set.of("type", "id", "summary", "content", "encrypted_content", "status"));
        return new Item.Reasoning(item.anyObjects("summary").stream()
                .map(part -> part.requiredText("text"))
                .collect(Collectors.joining("\n\n")));
    }

    private static Item compaction(JsonFields item) {
        item.only(Set.of("type", "id", "encrypted_content", "created_by"));
        return new Item.Compaction(Sealed.open(item));
    }
}
