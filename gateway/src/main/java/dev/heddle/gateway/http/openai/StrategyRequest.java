package dev.heddle.gateway.http.openai;

import dev.heddle.streaming.lane.Strategy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * What a run does beside active runs of its thread. An extension of ours: a member of the body, or, for a run, a header
 * for clients that cannot add members; the member wins. Assistants and threads have the member too, as a default.
 */
public final class StrategyRequest {
    public static final String FIELD = "multitask_strategy";
    public static final String HEADER = "Heddle-Multitask-Strategy";

    private static final List<String> WORDS =
            Arrays.stream(Strategy.values()).map(StrategyRequest::word).toList();

    private StrategyRequest() {}

    public static Optional<Strategy> read(JsonFields fields) {
        return fields.text(FIELD).map(text -> read(fields.path(FIELD), text));
    }

    public static Optional<Strategy> ofHeader(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader(HEADER)).map(text -> read(HEADER, text));
    }

    /** The protocol's word for a strategy. */
    public static String word(Strategy strategy) {
        return strategy.name().toLowerCase(Locale.ROOT);
    }

    /** What objects show: nothing where none was set. */
    public static @Nullable String wordOrNull(Optional<Strategy> strategy) {
        return strategy.map(StrategyRequest::word).orElse(null);
    }

    private static Strategy read(String param, String text) {
        if (!WORDS.contains(text)) {
            throw Invalid.value(param, text, WORDS);
        }
        return Strategy.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
