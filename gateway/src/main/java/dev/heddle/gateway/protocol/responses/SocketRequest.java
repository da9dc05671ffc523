package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a client says on a socket; {@code stream} is the socket stream that it belongs to, empty for the default one. */
sealed interface SocketRequest {
    String stream();

    /** A response is to be created, behind those that its stream has before it. */
    record Create(String stream, CreateRequest wish) implements SocketRequest {}

    /** A running response is to be steered. */
    record Steer(String stream, JsonNode parent, JsonNode input) implements SocketRequest {}

    /** It is refused; an empty stream is not named in the answer. {@code parent} is what it was to go on from. */
    record Refused(String stream, Problem problem, Optional<RunId> parent) implements SocketRequest {}

    String CREATE = "response.create";
    String STEER = "response.steer";
    String STREAM = "stream_id";
    Pattern STREAM_ID = Pattern.compile("[A-Za-z0-9_.-]{1,256}");

    static SocketRequest read(byte[] message) {
        try {
            var fields = JsonFields.ofBody(message);
            return read(stream(fields), fields);
        } catch (ProblemException refused) {
            return new Refused("", refused.problem(), Optional.empty());
        }
    }

    private static SocketRequest read(String stream, JsonFields fields) {
        try {
            return fields.requiredOneOf("type", List.of(CREATE, STEER)).equals(CREATE)
                    ? new Create(stream, CreateRequest.ofSocket(fields))
                    : steer(stream, fields);
        } catch (ProblemException refused) {
            return new Refused(
                    stream, refused.problem(), fields.find(Parents.FIELD).flatMap(Parents::idIn));
        }
    }

    private static SocketRequest steer(String stream, JsonFields fields) {
        fields.only(Set.of("type", STREAM, Parents.FIELD, "input"));
        fields.requiredText(Parents.FIELD);
        return new Steer(stream, fields.required(Parents.FIELD), fields.required("input"));
    }

    private static String stream(JsonFields fields) {
        if (!fields.has(STREAM)) {
            return "";
        }
        JsonNode node = fields.value(STREAM).orElseThrow(() -> invalid("null"));
        if (!node.isString() || !STREAM_ID.matcher(node.stringValue()).matches()) {
            throw invalid(node.toString());
        }
        return node.stringValue();
    }

    private static ProblemException invalid(String given) {
        return new ProblemException(new Problem.InvalidRequest(
                "invalid_stream_id",
                STREAM,
                "Invalid 'stream_id': " + given + ". Expected 1 to 256 letters, digits, '_', '.' and '-'."));
    }

    /** The problem of one stream too many. */
    static Problem tooManyStreams(int max) {
        return new Problem.InvalidRequest(
                "websocket_stream_limit_reached",
                STREAM,
                "This socket has " + max + " named streams already, as many as it may have.");
    }
}
