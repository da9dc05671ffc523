package dev.heddle.gateway.model;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the errors of model servers, as they come in bodies and in streams: {@code {"error": {"message": …}}} of most,
 * {@code {"error": "…"}} of Ollama, {@code {"message": …}} of older vLLM, {@code {"detail": …}} of FastAPI, any of them in
 * an array as Gemini does.
 */
final class ErrorReader {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_CHARS = 300;
    private static final Pattern KEYS = Pattern.compile("(?i)\\bbearer\\s+\\S+|\\bsk-[\\w*.-]+");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}]+");

    private final String apiKey;

    /** {@code apiKey}, when not empty, is hidden in messages that repeat it. */
    ErrorReader(String apiKey) {
        this.apiKey = apiKey;
    }

    /** The error in a whole body; {@link UpstreamError#UNSAID} when there is none that can be read. */
    UpstreamError read(byte[] body) {
        try (var json = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (json.nextToken() == JsonToken.START_ARRAY) {
                json.nextToken();
            }
            return read(json);
        } catch (JacksonException notJson) {
            return UpstreamError.UNSAID;
        }
    }

    /** The error in the value at which the parser stands; the parser then stands at its end. */
    UpstreamError read(JsonParser json) {
        var error = UpstreamError.UNSAID;
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return error.withMessage(readable(json.getString()));
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return error;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            error = readMember(json, error);
        }
        return error;
    }

    private UpstreamError readMember(JsonParser json, UpstreamError error) {
        var name = json.currentName();
        var value = json.nextToken();
        if (name.equals("error") && value != JsonToken.VALUE_NULL) {
            return read(json);
        }
        if (!value.isScalarValue() || value == JsonToken.VALUE_NULL) {
            json.skipChildren();
            return error;
        }
        return switch (name) {
            case "message", "detail" -> error.withMessage(readable(json.getString()));
            case "type" -> error.withType(json.getString());
            case "code" -> error.withCode(json.getString());
            default -> error;
        };
    }

    private String readable(String message) {
        var hidden = apiKey.isEmpty() ? message : message.replace(apiKey, "[key]");
        return shortened(KEYS.matcher(hidden).replaceAll("[key]"));
    }

    /** What a server wrote, fit for a sentence of ours. */
    static String shortened(String text) {
        var line = BLANKS.matcher(text).replaceAll(" ").strip();
        return CleanText.of(line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS - 1) + "…");
    }
}
