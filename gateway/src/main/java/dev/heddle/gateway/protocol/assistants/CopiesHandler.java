package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.persistence.NewThread;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations that copy what is settled from one thread to another: extensions of ours. */
final class CopiesHandler {
    private static final Set<String> OF_FORKS = Set.of("metadata", StrategyRequest.FIELD);

    private final RunService runs;
    private final RequestReader reader;

    CopiesHandler(RunService runs, RequestReader reader) {
        this.runs = runs;
        this.reader = reader;
    }

    Mono<ServerResponse> fork(ServerRequest request) {
        var from = Paths.thread(request);
        return reader.read(request, CopiesHandler::fork)
                .doOnNext(_ -> Answers.mayStore(request))
                .flatMap(into -> once(request).fork(from, into))
                .flatMap(thread -> Answers.ok(ThreadJson.of(thread)));
    }

    Mono<ServerResponse> copyTo(ServerRequest request) {
        return copy(request, Paths.thread(request), other(request, "target_id"));
    }

    Mono<ServerResponse> mergeFrom(ServerRequest request) {
        return copy(request, other(request, "source_id"), Paths.thread(request));
    }

    private Mono<ServerResponse> copy(ServerRequest request, ThreadKey from, ThreadKey into) {
        return reader.read(request, fields -> fields.only(Set.of()))
                .doOnNext(_ -> Answers.mayStore(request))
                .flatMap(_ -> once(request).importTurns(from, into))
                .flatMap(thread -> Answers.ok(ThreadJson.of(thread)));
    }

    private RunService once(ServerRequest request) {
        return RequestKeys.under(request, runs, RunService::repeatable);
    }

    private static NewThread fork(JsonFields fields) {
        fields.only(OF_FORKS);
        return new NewThread(
                ThreadId.fresh(),
                List.of(),
                StrategyRequest.read(fields),
                fields.metadata().orElse(Map.of()));
    }

    private static ThreadKey other(ServerRequest request, String name) {
        return new ThreadKey(ApiKeys.tenant(request), OpenAiIds.thread(name, request.pathVariable(name)));
    }
}
