package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.Bodies;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.run.TenantId;
import java.time.Duration;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code POST /v1/stream_tickets} hands out a ticket for a thread or for one run, by which a browser opens one stream of
 * it without a key. Not to be repeated under a key: an answer that could be given twice would have to be kept, secret and
 * all.
 */
final class TicketsHandler {
    private static final Duration LIFE = Duration.ofSeconds(60);

    private final Tickets tickets;
    private final Runs runs;
    private final Bodies bodies;

    TicketsHandler(Tickets tickets, Runs runs, Bodies bodies) {
        this.tickets = tickets;
        this.runs = runs;
        this.bodies = bodies;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        if (!request.headers().header(RequestKeys.HEADER).isEmpty()) {
            throw Invalid.unsupported(RequestKeys.HEADER, "every request for a ticket makes a new one.");
        }
        return bodies.bytes(request)
                .map(JsonFields::ofBody)
                .map(TicketRequest::read)
                .flatMap(wanted -> issue(ApiKeys.tenant(request), wanted));
    }

    private Mono<ServerResponse> issue(TenantId tenant, TicketRequest wanted) {
        return scope(tenant, wanted)
                .flatMap(scope -> tickets.issue(scope, LIFE))
                .flatMap(ticket -> Answers.ok(TicketJson.of(ticket, wanted)));
    }

    private Mono<Tickets.Scope> scope(TenantId tenant, TicketRequest wanted) {
        return wanted.scope(tenant)
                .map(Mono::just)
                .orElseGet(() -> runs.find(tenant, wanted.onlyRun())
                        .map(run -> wanted.scope(run.key().thread())));
    }
}
