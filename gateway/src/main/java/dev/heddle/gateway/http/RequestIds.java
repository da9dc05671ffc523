package dev.heddle.gateway.http;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Gives every answer the headers OpenAI's clients look for: an id of its own, also on errors and streams, the version
 * of the API, and how long it took to the first byte. Must be the outermost filter.
 */
public final class RequestIds implements WebFilter, Ordered {
    private static final String ID = "x-request-id";
    private static final String VERSION = "openai-version";
    private static final String PROCESSING_MS = "openai-processing-ms";

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        long start = System.nanoTime();
        var headers = exchange.getResponse().getHeaders();
        headers.set(ID, "req_" + UUID.randomUUID().toString().replace("-", ""));
        headers.set(VERSION, "2020-10-01");
        exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> tellTime(headers, start)));
        return chain.filter(exchange);
    }

    /** The id that the answer to this request carries. */
    public static String idOf(ServerWebExchange exchange) {
        String id = exchange.getResponse().getHeaders().getFirst(ID);
        return id == null ? "none" : id;
    }

    private static void tellTime(HttpHeaders headers, long start) {
        headers.set(PROCESSING_MS, Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
    }
}
