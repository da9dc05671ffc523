package dev.heddle.gateway.http;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the facades read and write it: UTF-8, one line, members in the order in which a record declares them. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private Json() {}

    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** Reads one JSON value; an empty input is a missing node. Throws {@link JacksonException} for what is not JSON. */
    public static JsonNode read(byte[] json) {
        return MAPPER.readTree(json);
    }

    /** Reads what was written of a record of this type. */
    public static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The text as a JSON string, without its quotes. */
    public static byte[] escaped(String text) {
        return isPlain(text) ? utf8(text) : JsonStringEncoder.getInstance().quoteAsUTF8(text);
    }

    /** Whether it is ASCII without anything to escape, as most tokens are. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }
}
