package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.openai.KeyFilter;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Every path of our own streams. */
final class StreamsRoutes {
    private final ThreadEventsHandler events;

    StreamsRoutes(ThreadEventsHandler events) {
        this.events = events;
    }

    RouterFunction<ServerResponse> routes(KeyFilter keys) {
        return streams().filter(keys).filter(StreamsErrors::filter);
    }

    private RouterFunction<ServerResponse> streams() {
        return RouterFunctions.route()
                .GET("/v1/threads/{thread_id}/events", events::follow)
                .build();
    }
}
