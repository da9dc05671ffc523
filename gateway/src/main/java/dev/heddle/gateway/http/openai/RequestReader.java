package dev.heddle.gateway.http.openai;

import dev.heddle.gateway.http.Bodies;
import java.util.function.Function;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Turns a request's body into a command, whole or not at all. */
public final class RequestReader {
    private final Bodies bodies;

    public RequestReader(Bodies bodies) {
        this.bodies = bodies;
    }

    public <T> Mono<T> read(ServerRequest request, Function<JsonFields, T> command) {
        return bodies.bytes(request).map(JsonFields::ofBody).map(command);
    }
}
