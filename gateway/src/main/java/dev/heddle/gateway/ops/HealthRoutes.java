package dev.heddle.gateway.ops;

import dev.heddle.persistence.DatabaseHealth;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /healthz}: 200 while the process lives. {@code /readyz}: 200 while it can serve, else 503 (RFC 9457). */
public final class HealthRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final DatabaseHealth database;

    public HealthRoutes(DatabaseHealth database) {
        this.database = database;
    }

    public RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET("/healthz", _ -> up())
                .GET("/readyz", this::ready)
                .build();
    }

    private Mono<ServerResponse> ready(ServerRequest request) {
        return Mono.defer(database::check)
                .timeout(PATIENCE)
                .then(Mono.defer(HealthRoutes::up))
                .onErrorResume(_ -> down());
    }

    private static Mono<ServerResponse> up() {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue("{\"status\":\"ok\"}");
    }

    private static Mono<ServerResponse> down() {
        var problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "The database does not answer.");
        problem.setTitle("Not ready");
        return ServerResponse.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyValue(problem);
    }
}
