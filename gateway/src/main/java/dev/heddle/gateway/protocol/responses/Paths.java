package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.function.BiFunction;
import org.springframework.web.reactive.function.server.ServerRequest;

/** What the path of a request names. What is no id at all, names nothing: 404 like any other that is not there. */
final class Paths {
    private Paths() {}

    static RunId response(ServerRequest request) {
        return named(request, "response_id", "response", OpenAiIds::response);
    }

    /** A conversation goes by its id, and by that of its thread. */
    static ThreadKey conversation(ServerRequest request) {
        var id = named(request, "conversation_id", "conversation", OpenAiIds::conversationOrThread);
        return new ThreadKey(ApiKeys.tenant(request), id);
    }

    static ItemId item(ServerRequest request) {
        return named(request, "item_id", "item", OpenAiIds::item);
    }

    private static <I> I named(ServerRequest request, String param, String kind, BiFunction<String, String, I> read) {
        String text = request.pathVariable(param);
        try {
            return read.apply(param, text);
        } catch (ProblemException _) {
            throw new ProblemException(new Problem.UnknownId(kind, text));
        }
    }
}
