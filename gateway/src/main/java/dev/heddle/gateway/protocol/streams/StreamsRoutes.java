package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.TicketFilter;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Every path of our own streams. */
final class StreamsRoutes {
    private final TicketsHandler tickets;
    private final ThreadEventsHandler events;
    private final ThreadSocketHandler sockets;

    StreamsRoutes(TicketsHandler tickets, ThreadEventsHandler events, ThreadSocketHandler sockets) {
        this.tickets = tickets;
        this.events = events;
        this.sockets = sockets;
    }

    /** Tickets are for whoever has a key, streams also for whoever has a ticket. */
    RouterFunction<ServerResponse> routes(KeyFilter keys, TicketFilter byTicket) {
        return tickets().filter(keys).and(streams().filter(byTicket)).filter(StreamsErrors::filter);
    }

    private RouterFunction<ServerResponse> tickets() {
        return RouterFunctions.route()
                .POST("/v1/stream_tickets", tickets::create)
                .build();
    }

    private RouterFunction<ServerResponse> streams() {
        return RouterFunctions.route()
                .GET("/v1/threads/{thread_id}/events", events::follow)
                .GET("/v1/stream", sockets::open)
                .build();
    }
}
