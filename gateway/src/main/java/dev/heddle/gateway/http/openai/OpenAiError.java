package dev.heddle.gateway.http.openai;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error as OpenAI's clients expect it: as the body of an answer, or as an event in a stream. */
public record OpenAiError(
        int status,
        String type,
        String message,
        @Nullable String param,
        @Nullable String code,
        Map<String, Object> more) {
    public OpenAiError(int status, String type, String message, @Nullable String param, @Nullable String code) {
        this(status, type, message, param, code, Map.of());
    }

    /** With one more member, of ours. */
    public OpenAiError with(String member, Object value) {
        return new OpenAiError(status, type, message, param, code, Map.of(member, value));
    }

    /** The client's mistake; {@code param} and {@code code} are empty where there are none. */
    public static OpenAiError badRequest(String message, String param, String code) {
        return new OpenAiError(400, "invalid_request_error", message, nullIfEmpty(param), nullIfEmpty(code));
    }

    /** The request is good, and cannot be done as it is. */
    public static OpenAiError unprocessable(String message, String param, String code) {
        return new OpenAiError(422, "invalid_request_error", message, param, code);
    }

    public static OpenAiError notFound(String message) {
        return new OpenAiError(404, "invalid_request_error", message, null, null);
    }

    public static OpenAiError unauthorized(String message, String code) {
        return new OpenAiError(401, "invalid_request_error", message, null, nullIfEmpty(code));
    }

    public static OpenAiError forbidden(String message, String code) {
        return new OpenAiError(403, "invalid_request_error", message, null, code);
    }

    /** The URL speaks another protocol. */
    static OpenAiError upgradeRequired(String message) {
        return new OpenAiError(426, "invalid_request_error", message, null, "upgrade_required");
    }

    public static OpenAiError tooLarge(String message) {
        return new OpenAiError(413, "invalid_request_error", message, null, "request_too_large");
    }

    public static OpenAiError overload(String message) {
        return new OpenAiError(429, "requests", message, null, "rate_limit_exceeded");
    }

    /** Our mistake. The message tells nothing of it but where it was logged. */
    public static OpenAiError unexpected(String requestId) {
        return new OpenAiError(
                500,
                "server_error",
                "The server had an error while processing your request (request id " + requestId + ").",
                null,
                "server_error");
    }

    byte[] body() {
        return Json.bytes(new Envelope(fields()));
    }

    /** Both shapes at once: the schema's bare fields, and the {@code error} member that makes clients throw. */
    public SseFrame frame() {
        return SseFrame.of("error", Json.bytes(new Both(message, type, param, code, fields())));
    }

    private Fields fields() {
        return new Fields(message, type, param, code, more);
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private record Fields(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code,
            @JsonAnyGetter Map<String, Object> more) {}

    private record Envelope(Fields error) {}

    private record Both(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code,
            Fields error) {}
}
