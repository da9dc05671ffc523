package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadKey;
import org.springframework.web.reactive.function.server.ServerRequest;

/** The ids in a request's path. */
final class Paths {
    private Paths() {}

    static ThreadKey thread(ServerRequest request) {
        return new ThreadKey(ApiKeys.tenant(request), OpenAiIds.thread("thread_id", request.pathVariable("thread_id")));
    }

    static RunId run(ServerRequest request) {
        return OpenAiIds.run("run_id", request.pathVariable("run_id"));
    }

    static ItemId message(ServerRequest request) {
        return OpenAiIds.message("message_id", request.pathVariable("message_id"));
    }

    static ItemId step(ServerRequest request) {
        return OpenAiIds.step("step_id", request.pathVariable("step_id"));
    }
}
