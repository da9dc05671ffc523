package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.openai.SocketUpgrades;
import dev.heddle.gateway.http.openai.StreamTickets;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/stream} becomes a WebSocket on which a client watches many threads. */
final class ThreadSocketHandler {
    private final ThreadSocketParts parts;
    private final SocketUpgrades upgrades;

    ThreadSocketHandler(ThreadSocketParts parts, SocketUpgrades upgrades) {
        this.parts = parts;
        this.upgrades = upgrades;
    }

    Mono<ServerResponse> open(ServerRequest request) {
        var socket = new ThreadSocket(parts, ApiKeys.tenant(request), StreamTickets.scope(request));
        return upgrades.upgrade(request, socket);
    }
}
