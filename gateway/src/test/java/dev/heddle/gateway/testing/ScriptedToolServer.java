package dev.heddle.gateway.testing;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A server of tools on a real socket: {@code POST /weather} calls the tool {@code weather}. Each answers and fails as its
 * script says, and without one with {@code Output of weather: } and the arguments. Nothing takes time by itself; a test
 * that wants an answer later gives a signal ({@link ToolAnswer#after}).
 */
public final class ScriptedToolServer implements AutoCloseable {
    private static final int REQUESTS_KEPT = 1_000;

    private final Map<String, Deque<ToolAnswer>> scripts = new HashMap<>();
    private final Deque<ToolRequest> requests = new ArrayDeque<>();
    private final Sinks.Many<ToolRequest> arrivals = Sinks.many().replay().limit(REQUESTS_KEPT);
    private final Sinks.Many<ToolRequest> clientCloses = Sinks.many().replay().limit(REQUESTS_KEPT);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytesSent = new AtomicLong();
    private final String scheme;
    private final DisposableServer server;

    private ScriptedToolServer(String scheme, HttpServer http) {
        this.scheme = scheme;
        this.server = http.host("127.0.0.1")
                .port(0)
                .doOnChannelInit((_, _, _) -> connections.incrementAndGet())
                .handle(this::handle)
                .bindNow();
    }

    /** On a port that is free. */
    public static ScriptedToolServer start() {
        return new ScriptedToolServer("http", HttpServer.create());
    }

    /** The same with TLS, under a certificate that nobody trusts. */
    public static ScriptedToolServer startUntrusted() {
        var context = SelfSigned.serverContext();
        return new ScriptedToolServer("https", HttpServer.create().secure(tls -> tls.sslContext(context)));
    }

    public URI url(String tool) {
        return URI.create(scheme + "://127.0.0.1:" + server.port() + "/" + tool);
    }

    /** The tool answers so, in this order; the last one for ever. */
    public synchronized void script(String tool, ToolAnswer... answers) {
        scripts.put(tool, new ArrayDeque<>(List.of(answers)));
    }

    /** The newest 1,000 calls in the order they came, also those that were made to fail. */
    public synchronized List<ToolRequest> requests() {
        return List.copyOf(requests);
    }

    /** The newest 1,000 calls so far, then those to come; never completes. A call arrives before it is answered. */
    public Flux<ToolRequest> arrivals() {
        return arrivals.asFlux();
    }

    /** Calls whose client went away before their answer was whole; the newest 1,000, then those to come. */
    public Flux<ToolRequest> clientCloses() {
        return clientCloses.asFlux();
    }

    /** How many were opened, those that were closed since included. */
    public int connections() {
        return connections.get();
    }

    /** How much of {@link ToolAnswer.Huge huge} answers was made for the network. */
    public long bytesSent() {
        return bytesSent.get();
    }

    /** Closes all connections too. */
    @Override
    public void close() {
        server.disposeNow();
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asString()
                .defaultIfEmpty("")
                .map(body -> toolRequest(request, body))
                .flatMap(call -> answer(call, connectionOf(request), response));
    }

    private static ToolRequest toolRequest(HttpServerRequest request, String body) {
        var headers = new HashMap<String, String>();
        request.requestHeaders()
                .forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        return new ToolRequest(request.uri().substring(1), headers, body);
    }

    private Mono<Void> answer(ToolRequest call, Connection connection, HttpServerResponse response) {
        var played = new PlayedAnswer(connection, response, bytesSent, () -> clientClosed(call));
        return played.play(taken(call));
    }

    private synchronized ToolAnswer taken(ToolRequest call) {
        requests.addLast(call);
        if (requests.size() > REQUESTS_KEPT) {
            requests.removeFirst();
        }
        // It replays, so it needs no reader, and one thread at a time gets here: it always takes the value.
        arrivals.tryEmitNext(call).orThrow();
        Deque<ToolAnswer> script = scripts.getOrDefault(call.tool(), new ArrayDeque<>());
        return switch (script.size()) {
            case 0 -> ToolAnswer.text("Output of " + call.tool() + ": " + call.body());
            case 1 -> script.getFirst();
            default -> script.removeFirst();
        };
    }

    private synchronized void clientClosed(ToolRequest call) {
        clientCloses.tryEmitNext(call).orThrow();
    }

    private static Connection connectionOf(HttpServerRequest request) {
        var connection = new AtomicReference<Connection>();
        request.withConnection(connection::set);
        return connection.get();
    }
}
