package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.FunctionName;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The form a request wants the model's text to have: {@code "auto"}, or an object that is passed on as it is. */
record ResponseFormat(@Nullable String json) {
    /** The model's own choice. */
    static final ResponseFormat AUTO = new ResponseFormat(null);

    private static final String NAME = "response_format";
    private static final List<String> TYPES = List.of("text", "json_object", "json_schema");

    /** Reads the member of this name; empty when it is absent or null. */
    static Optional<ResponseFormat> read(JsonFields fields) {
        return fields.value(NAME).map(node -> read(fields, node));
    }

    private static ResponseFormat read(JsonFields fields, JsonNode node) {
        if (node.isString()) {
            fields.oneOf(NAME, List.of("auto"));
            return AUTO;
        }
        if (!node.isObject()) {
            throw Invalid.type(fields.path(NAME), "a string or an object", node);
        }
        return new ResponseFormat(check(fields.requiredObject(NAME)).json());
    }

    private static JsonFields check(JsonFields format) {
        if (!format.requiredOneOf("type", TYPES).equals("json_schema")) {
            return format.only(Set.of("type"));
        }
        var schema = format.only(Set.of("type", "json_schema")).requiredObject("json_schema");
        schema.only(Set.of("name", "description", "schema", "strict"));
        FunctionName.read(schema);
        schema.text("description");
        schema.object("schema");
        schema.bool("strict");
        return format;
    }
}
