package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.AbandonedRuns;
import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.openai.SocketUpgrades;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.Threads;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** {@code GET /v1/responses}: a WebSocket on which responses are created. */
final class SocketsHandler {
    private final Creation creation;
    private final ResponseStream stream;
    private final AbandonedRuns abandoned;
    private final Runs runs;
    private final Threads threads;
    private final RunService service;
    private final SocketUpgrades upgrades;
    private final Scheduler timer;

    SocketsHandler(
            Creation creation,
            ResponseStream stream,
            AbandonedRuns abandoned,
            Runs runs,
            Threads threads,
            RunService service,
            SocketUpgrades upgrades,
            Scheduler timer) {
        this.creation = creation;
        this.stream = stream;
        this.abandoned = abandoned;
        this.runs = runs;
        this.threads = threads;
        this.service = service;
        this.upgrades = upgrades;
        this.timer = timer;
    }

    Mono<ServerResponse> open(ServerRequest request) {
        var continuations = new Continuations(runs, threads);
        var requester = new Requester(ApiKeys.tenant(request), ApiKeys.defaults(request), service, continuations);
        return upgrades.upgrade(
                request, new ResponsesSocket(creation, stream, abandoned, continuations, requester, timer));
    }
}
