package dev.heddle.gateway.http.openai;

import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;

/** The query parameter by which a request shows a stream ticket instead of a key. */
public final class StreamTickets {
    private static final String PARAM = "ticket";

    private StreamTickets() {}

    static Optional<String> of(ServerRequest request) {
        return ListQuery.given(request, PARAM);
    }
}
