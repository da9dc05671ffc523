package dev.heddle.gateway.protocol.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SocketFrame;
import dev.heddle.gateway.http.openai.OpenAiError;
import dev.heddle.streaming.run.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What goes wrong on a socket, as messages: of one request, or of the socket as a whole. */
final class SocketErrors {
    private SocketErrors() {}

    static SocketFrame of(String stream, Problem problem) {
        return of(stream, ResponsesErrors.render(problem));
    }

    static SocketFrame of(String stream, OpenAiError error) {
        var fields = new Fields(error.type(), code(error), error.message(), error.param());
        return SocketFrame.text(
                Json.bytes(new ErrorJson("error", error.status(), stream.isEmpty() ? null : stream, fields)));
    }

    static SocketFrame unexpected(String stream) {
        return of(
                stream,
                new OpenAiError(
                        500,
                        "server_error",
                        "The server had an error while processing your request.",
                        null,
                        "server_error"));
    }

    static SocketFrame lifeOver() {
        return of(
                "",
                OpenAiError.badRequest(
                        "This socket has been open for as long as it may be. Connect again.",
                        "",
                        "websocket_connection_limit_reached"));
    }

    static SocketFrame steeringNotSupported(SocketRequest.Steer steer) {
        var error = new Fields(
                "invalid_request_error",
                "steering_not_supported",
                "Running responses cannot be steered here. Let this one end, and go on from it.",
                null);
        return SocketFrame.text(Json.bytes(new SteerFailed(
                "response.steer.failed",
                steer.stream().isEmpty() ? null : steer.stream(),
                error,
                new SteerJson(steer.parent(), steer.input()))));
    }

    /** Clients look for a text here. */
    private static String code(OpenAiError error) {
        return error.code() == null ? error.type() : error.code();
    }

    private record ErrorJson(
            String type,
            int status,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String stream_id,

            Fields error) {}

    private record SteerFailed(
            String type,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String stream_id,

            Fields error,
            SteerJson steer) {}

    private record SteerJson(JsonNode previous_response_id, JsonNode input) {}

    private record Fields(
            String type,
            String code,
            String message,
            @Nullable String param) {}
}
