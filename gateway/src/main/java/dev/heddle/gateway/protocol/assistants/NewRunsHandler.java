package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.persistence.Assistants;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.streaming.run.ThreadKey;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The operations that create runs. They answer with the run, or with its stream. */
final class NewRunsHandler {
    private final Assistants assistants;
    private final Runs runs;
    private final RunService service;
    private final RunStream stream;
    private final Sse sse;
    private final RequestReader reader;
    private final AssistantsSettings settings;

    NewRunsHandler(
            Assistants assistants,
            Runs runs,
            RunService service,
            RunStream stream,
            Sse sse,
            RequestReader reader,
            AssistantsSettings settings) {
        this.assistants = assistants;
        this.runs = runs;
        this.service = service;
        this.stream = stream;
        this.sse = sse;
        this.reader = reader;
        this.settings = settings;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        var thread = Paths.thread(request);
        return reader.read(request, RunRequest::onThread).flatMap(wish -> create(request, thread, wish));
    }

    Mono<ServerResponse> createWithThread(ServerRequest request) {
        return reader.read(request, ThreadRunRequest::read).flatMap(wish -> createWithThread(request, wish));
    }

    private Mono<ServerResponse> create(ServerRequest request, ThreadKey thread, RunRequest wish) {
        return madeBefore(request)
                .switchIfEmpty(Mono.defer(() -> newRun(request, wish))
                        .flatMap(run -> once(request).start(thread, run)))
                .flatMap(run -> wish.stream() ? sse.stream(frames(run)) : Answers.ok(RunJson.of(run)));
    }

    private Mono<ServerResponse> createWithThread(ServerRequest request, ThreadRunRequest wish) {
        return madeBefore(request)
                .switchIfEmpty(Mono.defer(() -> newRun(request, wish.run()))
                        .flatMap(run -> once(request).startWithThread(ApiKeys.tenant(request), wish.thread(), run)))
                .flatMap(run -> wish.run().stream()
                        ? sse.stream(frames(run).startWith(threadCreated(run, wish.thread())))
                        : Answers.ok(RunJson.of(run)));
    }

    /** The assistant may have been changed or deleted since: a repetition does not ask for it. */
    private Mono<StoredRun> madeBefore(ServerRequest request) {
        return Mono.justOrEmpty(RequestKeys.of(request)).flatMap(key -> runs.madeBy(ApiKeys.tenant(request), key));
    }

    private RunService once(ServerRequest request) {
        return RequestKeys.under(request, service, RunService::repeatable);
    }

    private Mono<NewRun> newRun(ServerRequest request, RunRequest wish) {
        var ofHeader = StrategyRequest.ofHeader(request);
        var otherwise = settings.strategy(ApiKeys.defaults(request));
        return assistants
                .find(ApiKeys.tenant(request), wish.assistant())
                .doOnNext(_ -> Answers.mayStore(request))
                .map(assistant -> wish.of(assistant, ofHeader, otherwise));
    }

    private Flux<SseFrame> frames(StoredRun run) {
        return stream.framesUntilPause(run, FrameId.START);
    }

    /** The two were created in one transaction, hence at one time. */
    private static SseFrame threadCreated(StoredRun run, NewThread thread) {
        return AssistantsProjection.threadCreated(
                new StoredThread(run.key().thread(), run.createdAt(), thread.strategy(), thread.metadata()));
    }
}
