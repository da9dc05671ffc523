package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.persistence.StoredRun;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The operation that brings a paused run what it waits for. It answers with the run, or with the rest of its stream. */
final class OutputsHandler {
    private final RunService runs;
    private final RunStream stream;
    private final Sse sse;
    private final RequestReader reader;

    OutputsHandler(RunService runs, RunStream stream, Sse sse, RequestReader reader) {
        this.runs = runs;
        this.stream = stream;
        this.sse = sse;
        this.reader = reader;
    }

    Mono<ServerResponse> submit(ServerRequest request) {
        var thread = Paths.thread(request);
        var run = Paths.run(request);
        return reader.read(request, OutputsRequest::read)
                .doOnNext(_ -> Answers.mayStore(request))
                .flatMap(wish -> RequestKeys.under(request, runs, RunService::repeatable)
                        .submitOutputs(thread, run, wish.outputs())
                        .flatMap(stored -> answer(stored, wish.stream())));
    }

    private Mono<ServerResponse> answer(StoredRun run, boolean streamed) {
        return streamed ? sse.stream(frames(run)) : Answers.ok(RunJson.of(run));
    }

    /** Those of the pause itself have been seen by whoever answers it. */
    private Flux<SseFrame> frames(StoredRun run) {
        long pause = run.requiredAction().orElseThrow().runSeq();
        return stream.framesUntilPause(run, FrameId.lastOf(pause));
    }
}
