package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.lane.Strategy;
import java.util.List;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * What a run does beside active runs of its thread. An extension of ours: a member of the body, or a header for clients
 * that cannot add members; the member wins.
 */
final class StrategyRequest {
    static final String FIELD = "multitask_strategy";
    static final String HEADER = "Heddle-Multitask-Strategy";

    private static final List<String> SERVED = List.of("concurrent", "reject", "enqueue");
    private static final List<String> LATER = List.of("interrupt", "rollback");

    private StrategyRequest() {}

    static Optional<Strategy> read(JsonFields fields) {
        return fields.text(FIELD).map(text -> read(fields.path(FIELD), text));
    }

    static Optional<Strategy> ofHeader(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader(HEADER)).map(text -> read(HEADER, text));
    }

    private static Strategy read(String param, String text) {
        return switch (text) {
            case "concurrent" -> Strategy.CONCURRENT;
            case "reject" -> Strategy.REJECT;
            case "enqueue" -> Strategy.ENQUEUE;
            default -> throw LATER.contains(text) ? later(param, text) : Invalid.value(param, text, SERVED);
        };
    }

    private static RuntimeException later(String param, String text) {
        return Invalid.because(param, "the strategy '" + text + "' is not supported by this version of Heddle yet.");
    }
}
