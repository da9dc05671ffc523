package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.Threads;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on the queue of a thread: extensions of ours. */
final class QueueHandler {
    private final Threads threads;
    private final Runs runs;
    private final RunService service;
    private final int maxRunningRuns;

    QueueHandler(Threads threads, Runs runs, RunService service, int maxRunningRuns) {
        this.threads = threads;
        this.runs = runs;
        this.service = service;
        this.maxRunningRuns = maxRunningRuns;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var thread = Paths.thread(request);
        return threads.find(thread)
                .flatMap(_ -> runs.active(thread))
                .map(active -> QueueJson.of(Queue.of(active, maxRunningRuns)))
                .flatMap(Answers::ok);
    }

    Mono<ServerResponse> withdraw(ServerRequest request) {
        var run = Paths.run(request);
        return service.withdraw(Paths.thread(request), run)
                .then(Mono.defer(() -> Answers.ok(DeletedJson.withdrawnRun(OpenAiIds.run(run)))));
    }
}
