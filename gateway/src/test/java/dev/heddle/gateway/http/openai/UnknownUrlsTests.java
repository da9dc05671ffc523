package dev.heddle.gateway.http.openai;

import dev.heddle.gateway.http.RequestIds;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

class UnknownUrlsTests {
    private final WebTestClient client = WebTestClient.bindToRouterFunction(UnknownUrls.routes())
            .webFilter(new RequestIds())
            .build();

    @Test
    void anUnknownUrlIsToldInOpenAisWords() {
        client.get()
                .uri("/v1/foo?a=b")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_JSON)
                .expectHeader()
                .valueMatches("x-request-id", "req_[0-9a-f]{32}")
                .expectBody(String.class)
                .isEqualTo("{\"error\":{\"message\":\"Invalid URL (GET /v1/foo)\",\"type\":\"invalid_request_error\","
                        + "\"param\":null,\"code\":null}}");
    }

    @Test
    void whatIsNotUnderV1IsNotOurs() {
        client.get()
                .uri("/v2/foo")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .isEmpty();
    }
}
