package dev.heddle.gateway.ops;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

class HealthRoutesTests {
    @Test
    void anInstanceLivesWhateverItsDatabaseDoes() {
        get(Mono.error(new IllegalStateException()), "/healthz").expectStatus().isOk();
    }

    @Test
    void anInstanceIsReadyWhenItsDatabaseAnswers() {
        get(Mono.empty(), "/readyz").expectStatus().isOk();
    }

    @Test
    void anInstanceWhoseDatabaseFailsOrIsSilentIsNotReadyAndSaysWhy() {
        for (Mono<Void> database :
                java.util.List.<Mono<Void>>of(Mono.error(new IllegalStateException()), Mono.never())) {
            get(database, "/readyz")
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .expectBody(String.class)
                    .isEqualTo("{\"detail\":\"The database does not answer.\",\"status\":503,\"title\":\"Not ready\"}");
        }
    }

    private static WebTestClient.ResponseSpec get(Mono<Void> database, String path) {
        return WebTestClient.bindToRouterFunction(new HealthRoutes(() -> database).routes())
                .configureClient()
                .responseTimeout(Duration.ofSeconds(20))
                .build()
                .get()
                .uri(path)
                .exchange();
    }
}
