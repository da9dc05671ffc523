package dev.heddle.gateway.model;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Arguments of a call as strict servers take them back: always a JSON object, whatever the model has written. */
final class LegalArguments {
    private static final JsonMapper JSON = new JsonMapper();

    private LegalArguments() {}

    /** The text itself where it is an object; none is an empty one, anything else the only member of one. */
    static String of(String written) {
        if (written.isBlank()) {
            return "{}";
        }
        return isObject(written)
                ? written
                : JSON.createObjectNode().put("invalid_arguments", written).toString();
    }

    private static boolean isObject(String written) {
        try {
            JsonNode json = JSON.readTree(written);
            return json.isObject();
        } catch (JacksonException malformed) {
            return false;
        }
    }
}
