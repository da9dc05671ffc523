package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.AbandonedRuns;
import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.gateway.protocol.responses.CreateRequest.OnDisconnect;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.ProblemException;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code POST /v1/responses}: answers with the response, now or at its end, or with its stream. */
final class NewResponsesHandler {
    private static final long START = -1;

    private final Creation creation;
    private final Runs runs;
    private final RunService service;
    private final ResponseStream stream;
    private final AbandonedRuns abandoned;
    private final Sse sse;
    private final RequestReader reader;
    private final ResponsesSettings settings;

    NewResponsesHandler(
            Creation creation,
            Runs runs,
            RunService service,
            ResponseStream stream,
            AbandonedRuns abandoned,
            Sse sse,
            RequestReader reader,
            ResponsesSettings settings) {
        this.creation = creation;
        this.runs = runs;
        this.service = service;
        this.stream = stream;
        this.abandoned = abandoned;
        this.sse = sse;
        this.reader = reader;
        this.settings = settings;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        var ofHeader = StrategyRequest.ofHeader(request);
        return reader.read(request, CreateRequest::read)
                .map(wish -> wish.otherwise(ofHeader))
                .flatMap(wish -> startOnce(request, wish).flatMap(run -> answer(request, wish, run)));
    }

    /** What it goes on from may have been deleted since, or gone on by itself: a repetition is not refused for that. */
    private Mono<StoredRun> startOnce(ServerRequest request, CreateRequest wish) {
        return Mono.defer(() -> start(request, wish))
                .onErrorResume(
                        ProblemException.class, refusal -> madeBefore(request).switchIfEmpty(Mono.error(refusal)));
    }

    private Mono<StoredRun> madeBefore(ServerRequest request) {
        return Mono.justOrEmpty(RequestKeys.of(request)).flatMap(key -> runs.madeBy(ApiKeys.tenant(request), key));
    }

    private Mono<StoredRun> start(ServerRequest request, CreateRequest wish) {
        Answers.mayStore(request);
        var requester = new Requester(
                ApiKeys.tenant(request),
                ApiKeys.defaults(request),
                RequestKeys.under(request, service, RunService::repeatable),
                Parents.stored(runs));
        return creation.start(requester, wish);
    }

    private Mono<ServerResponse> answer(ServerRequest request, CreateRequest wish, StoredRun run) {
        if (wish.echo().stream()) {
            var events = stream.events(run, START);
            return sse.stream(
                    endsWithClient(request, wish) ? events.doOnCancel(() -> abandoned.stop(run.key())) : events);
        }
        if (wish.echo().background()) {
            return Answers.ok(ResponseJson.of(run, wish.echo(), Standing.of(run, wish.echo()), List.of()));
        }
        var end = stream.end(run);
        return (endsWithClient(request, wish) ? end.doOnCancel(() -> abandoned.stop(run.key())) : end)
                .flatMap(Answers::ok);
    }

    private boolean endsWithClient(ServerRequest request, CreateRequest wish) {
        var otherwise = settings.isStrict(ApiKeys.defaults(request)) ? OnDisconnect.CANCEL : OnDisconnect.CONTINUE;
        return !wish.echo().background() && wish.onDisconnect().orElse(otherwise) == OnDisconnect.CANCEL;
    }
}
