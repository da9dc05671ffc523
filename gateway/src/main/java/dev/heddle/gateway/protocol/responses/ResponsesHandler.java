package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.ListJson;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on responses that exist. */
final class ResponsesHandler {
    private final Runs runs;
    private final Items items;
    private final RunService service;
    private final ResponseStream stream;
    private final Sse sse;
    private final ResponsesSettings settings;

    ResponsesHandler(
            Runs runs, Items items, RunService service, ResponseStream stream, Sse sse, ResponsesSettings settings) {
        this.runs = runs;
        this.items = items;
        this.service = service;
        this.stream = stream;
        this.sse = sse;
        this.settings = settings;
    }

    Mono<ServerResponse> get(ServerRequest request) {
        var query = RetrieveQuery.of(request);
        return find(request).flatMap(run -> query.stream() ? replay(request, run, query.startingAfter()) : answer(run));
    }

    private Mono<ServerResponse> replay(ServerRequest request, StoredRun run, long after) {
        var echo = Echo.of(run.spec());
        if (settings.isStrict(ApiKeys.defaults(request)) && !(echo.background() && echo.stream())) {
            throw Invalid.because(
                    "stream",
                    "only a response that was created with both 'background' and 'stream' is streamed again.");
        }
        return sse.stream(stream.events(run, after));
    }

    /** Tells how it ended, unless that takes long. A response that has ended stays as it is. */
    Mono<ServerResponse> cancel(ServerRequest request) {
        RequestKeys.noteWithoutBody(request);
        var once = RequestKeys.under(request, service, RunService::repeatable);
        return find(request)
                .doOnNext(ResponsesHandler::checkCancellable)
                .flatMap(run -> run.status().isActive() ? stopped(once, run) : Mono.just(run))
                .flatMap(this::answer);
    }

    private static void checkCancellable(StoredRun run) {
        if (!Echo.of(run.spec()).background()) {
            throw new ProblemException(new Problem.InvalidRequest("", "", "Cannot cancel a synchronous response."));
        }
    }

    private Mono<StoredRun> stopped(RunService once, StoredRun run) {
        var key = run.key();
        return once.stop(key.thread(), key.id())
                .onErrorResume(ResponsesHandler::isStopped, _ -> Mono.just(run))
                .then(ended(run))
                .then(Mono.defer(() -> runs.find(key.thread(), key.id())));
    }

    private Mono<Void> ended(StoredRun run) {
        return stream.end(run).then().timeout(settings.cancelWait(), Mono.empty());
    }

    private static boolean isStopped(Throwable error) {
        return error instanceof ProblemException known && known.problem() instanceof Problem.NotStoppable;
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return find(request)
                .flatMap(run -> service.forget(run.key().thread(), run.key().id())
                        .then(Mono.defer(
                                () -> Answers.ok(DeletedJson.response(run.key().id())))));
    }

    Mono<ServerResponse> inputItems(ServerRequest request) {
        Unserved.checkInclude(includes(request), "include");
        var query = ListQuery.of(request, OpenAiIds::item);
        return find(request)
                .flatMap(run -> items.inputs(run.key(), query))
                .map(page -> ListJson.of(page, ItemJson::of, ItemJson::id))
                .flatMap(Answers::ok);
    }

    static List<String> includes(ServerRequest request) {
        return Stream.of("include", "include[]")
                .flatMap(name -> request.queryParams().getOrDefault(name, List.of()).stream())
                .toList();
    }

    private Mono<StoredRun> find(ServerRequest request) {
        RunId id = Paths.response(request);
        return runs.find(ApiKeys.tenant(request), id)
                .filter(run -> Echo.isOf(run.spec()))
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(id))));
    }

    private Mono<ServerResponse> answer(StoredRun run) {
        var echo = Echo.of(run.spec());
        return items.outputs(run.key())
                .map(output -> output.stream().map(ItemJson::of).toList())
                .flatMap(output -> Answers.ok(ResponseJson.of(run, echo, Standing.of(run, echo), output)));
    }
}
