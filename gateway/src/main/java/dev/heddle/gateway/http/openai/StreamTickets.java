package dev.heddle.gateway.http.openai;

import dev.heddle.persistence.Tickets;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;

/** The stream ticket that a request shows in its query, instead of a key in a header. */
public final class StreamTickets {
    private static final String PARAM = "ticket";
    private static final String SCOPE = StreamTickets.class.getName() + ".scope";

    private StreamTickets() {}

    /** What the request may read, if it was let in by a ticket. */
    public static Optional<Tickets.Scope> scope(ServerRequest request) {
        return request.attribute(SCOPE).map(Tickets.Scope.class::cast);
    }

    static Optional<String> given(ServerRequest request) {
        return ListQuery.given(request, PARAM);
    }

    static void note(ServerRequest request, Tickets.Scope scope) {
        request.attributes().put(SCOPE, scope);
    }
}
