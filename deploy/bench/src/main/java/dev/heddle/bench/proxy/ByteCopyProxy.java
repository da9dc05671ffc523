package dev.heddle.bench.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * Hands requests on to an upstream server and its answers back, flushing what each read gave: the least that any gateway on
 * Reactor Netty does for a token.
 */
public final class ByteCopyProxy {
    private static final int MAX_CONNECTIONS = 20_000;

    private final HttpClient upstream;

    private ByteCopyProxy(URI upstream) {
        this.upstream = HttpClient.create(ConnectionProvider.builder("upstream")
                        .maxConnections(MAX_CONNECTIONS)
                        .build())
                .baseUrl(upstream.toString());
    }

    /** Takes the upstream's base URL. */
    public static void main(String[] args) {
        var proxy = new ByteCopyProxy(URI.create(args[0]));
        var server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(proxy::copy)
                .bindNow(Duration.ofSeconds(20));
        System.out.println("A proxy listens on http://127.0.0.1:" + server.port());
        server.onDispose().block();
    }

    private Mono<Void> copy(HttpServerRequest request, HttpServerResponse response) {
        return upstream.post()
                .uri(request.uri())
                .send((_, out) -> out.send(request.receive().retain()))
                .response((answer, bytes) -> response.header(
                                HttpHeaderNames.CONTENT_TYPE,
                                answer.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE))
                        .send(bytes.retain(), _ -> true))
                .then();
    }
}
