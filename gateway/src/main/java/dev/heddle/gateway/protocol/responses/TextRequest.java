package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.FunctionName;
import dev.heddle.gateway.http.openai.JsonFields;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The form a request wants the model's text to have.
 *
 * @param format the object {@code response_format} as chat completions have it; null for plain text
 * @param shown the member {@code text} of the response
 */
record TextRequest(@Nullable String format, @Nullable String verbosity, JsonNode shown) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> TYPES = List.of("text", "json_object", "json_schema");
    private static final List<String> VERBOSITIES = List.of("low", "medium", "high");
    private static final Set<String> SCHEMA = Set.of("type", "name", "description", "schema", "strict");

    static TextRequest read(JsonFields fields) {
        var text = fields.object("text").map(given -> given.only(Set.of("format", "verbosity")));
        var verbosity = text.flatMap(given -> given.oneOf("verbosity", VERBOSITIES));
        var format = text.flatMap(given -> given.object("format"));
        var shown = JSON.objectNode();
        var chat = format.flatMap(given -> format(given, shown.putObject("format")));
        if (format.isEmpty()) {
            shown.putObject("format").put("type", "text");
        }
        verbosity.ifPresent(word -> shown.put("verbosity", word));
        return new TextRequest(chat.orElse(null), verbosity.orElse(null), shown);
    }

    private static Optional<String> format(JsonFields format, ObjectNode shown) {
        String type = format.requiredOneOf("type", TYPES);
        shown.put("type", type);
        return switch (type) {
            case "json_object" -> {
                format.only(Set.of("type"));
                yield Optional.of("{\"type\":\"json_object\"}");
            }
            case "json_schema" -> Optional.of(schema(format.only(SCHEMA), shown));
            default -> {
                format.only(Set.of("type"));
                yield Optional.empty();
            }
        };
    }

    private static String schema(JsonFields format, ObjectNode shown) {
        shown.put("name", FunctionName.read(format));
        format.text("description").ifPresent(text -> shown.put("description", text));
        format.requiredObject("schema").json();
        shown.set("schema", format.required("schema"));
        shown.put("strict", format.bool("strict").orElse(null));
        return chat(shown);
    }

    private static String chat(ObjectNode shown) {
        var schema = shown.deepCopy();
        schema.remove("type");
        if (schema.path("strict").isNull()) {
            schema.remove("strict");
        }
        return JSON.objectNode()
                .put("type", "json_schema")
                .set("json_schema", schema)
                .toString();
    }
}
