package dev.heddle.gateway.tool;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What has to be known of JSON that is passed on as it is. */
final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonText() {}

    /** Whether the text is one whole JSON object. */
    static boolean isObject(String text) {
        try (var json = JSON.createParser(ObjectReadContext.empty(), text)) {
            boolean begins = json.nextToken() == JsonToken.START_OBJECT;
            json.skipChildren();
            return begins && json.nextToken() == null;
        } catch (JacksonException notJson) {
            return false;
        }
    }

    /** The schema without blanks; refuses, with a sentence, what is none of an object. */
    static String compactSchema(String text) {
        JsonNode schema = read(text);
        if (!schema.path("type").asString("object").equals("object")) {
            throw new IllegalArgumentException("The JSON Schema of its parameters is not one of an object.");
        }
        return schema.toString();
    }

    private static JsonNode read(String text) {
        if (!isObject(text)) {
            throw new IllegalArgumentException("Its parameters are not a JSON object with a JSON Schema.");
        }
        return new JsonMapper().readTree(text);
    }
}
