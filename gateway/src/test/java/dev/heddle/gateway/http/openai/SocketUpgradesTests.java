package dev.heddle.gateway.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RequestPredicates.GET;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.RequestIds;
import dev.heddle.gateway.http.SocketFrame;
import dev.heddle.gateway.http.SocketHandler;
import dev.heddle.gateway.http.Sockets;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunctions;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** Who is let into a WebSocket, by a status before it opens. */
class SocketUpgradesTests {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private DisposableServer server;

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void whoHasAKeyIsLetIn() {
        serve("acme:sk-secret");

        assertThat(upgraded(Map.of("Authorization", "Bearer sk-secret"))).isEqualTo("hello");
    }

    @Test
    void aBadKeyIsRefusedBeforeTheSocketOpens() {
        serve("acme:sk-secret");

        assertThat(upgraded(Map.of("Authorization", "Bearer sk-wrong"))).isEqualTo("401");
        assertThat(upgraded(Map.of())).isEqualTo("401");
    }

    @Test
    void aPageOfAnotherOriginIsRefusedWhereNoKeyIsAskedFor() {
        serve();
        String own = "http://127.0.0.1:" + server.port();

        assertThat(upgraded(Map.of("Origin", "https://elsewhere.example"))).isEqualTo("403");
        assertThat(upgraded(Map.of("Origin", "null"))).isEqualTo("403");
        assertThat(upgraded(Map.of("Origin", own))).isEqualTo("hello");
        assertThat(upgraded(Map.of())).isEqualTo("hello");
    }

    @Test
    void aPlainRequestIsToldToUpgrade() {
        serve();
        var headers = new AtomicReference<HttpHeaders>();

        var body = HttpClient.newConnection()
                .get()
                .uri("http://127.0.0.1:" + server.port() + "/")
                .responseSingle((response, content) -> {
                    headers.set(response.responseHeaders());
                    assertThat(response.status().code()).isEqualTo(426);
                    return content.asByteArray();
                })
                .block(PATIENCE);

        assertThat(Json.read(body).at("/error/code").stringValue()).isEqualTo("upgrade_required");
        assertThat(headers.get().get("Upgrade")).isEqualTo("websocket");
        assertThat(headers.get().get("x-request-id")).startsWith("req_");
    }

    @Test
    void anOldVersionIsToldTheRightOne() {
        serve();

        assertThat(statusOf(Map.of(
                        "Connection", "keep-alive, Upgrade",
                        "Upgrade", "websocket",
                        "Sec-WebSocket-Version", "8",
                        "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")))
                .isEqualTo(426);
    }

    private void serve(String... keys) {
        var upgrades = new SocketUpgrades(
                new Sockets(Duration.ofSeconds(15), DataSize.ofKilobytes(64), Schedulers.parallel()));
        var routes = RouterFunctions.route(GET("/"), request -> upgrades.upgrade(request, new Greeting()))
                .filter(new KeyFilter(ApiKeys.of(List.of(keys))));
        var strategies = HandlerStrategies.builder().webFilter(new RequestIds()).build();
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes, strategies)))
                .bindNow(PATIENCE);
    }

    /** What is heard on the socket, or the status that refuses it. */
    private String upgraded(Map<String, String> headers) {
        return HttpClient.newConnection()
                .headers(all -> headers.forEach(all::set))
                .websocket()
                .uri("ws://127.0.0.1:" + server.port() + "/")
                .handle((in, _) -> in.receive().asString().take(1))
                .onErrorResume(
                        WebSocketClientHandshakeException.class,
                        refused -> Flux.just(
                                refused.response().status().codeAsText().toString()))
                .blockLast(PATIENCE);
    }

    private int statusOf(Map<String, String> headers) {
        return HttpClient.newConnection()
                .headers(all -> headers.forEach(all::set))
                .get()
                .uri("http://127.0.0.1:" + server.port() + "/")
                .response()
                .map(response -> response.status().code())
                .block(PATIENCE);
    }

    private record Greeting() implements SocketHandler {
        @Override
        public Flux<SocketFrame> frames(Flux<byte[]> messages) {
            return Flux.just(SocketFrame.text(Json.utf8("hello")));
        }

        @Override
        public Duration life() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Flux<SocketFrame> lastWords() {
            return Flux.empty();
        }
    }
}
