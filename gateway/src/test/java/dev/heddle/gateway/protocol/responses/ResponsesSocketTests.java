package dev.heddle.gateway.protocol.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RequestPredicates.GET;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.Sockets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.RouterFunctions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How long a socket of responses lives, and what it keeps alive meanwhile; on a real socket, in virtual time. */
@Timeout(60)
class ResponsesSocketTests {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String NONSENSE = "nonsense";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FakeRuns runs = new FakeRuns();
    private final HeldThreads threads = new HeldThreads();
    private final Continuations continuations = new Continuations(runs, threads);
    private final DisposableServer server = serve();
    private final Sinks.Many<String> said = Sinks.many().unicast().onBackpressureBuffer();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    @AfterEach
    void stop() {
        server.disposeNow();
        time.dispose();
    }

    @Test
    void afterSixtyMinutesItSaysSoAndCloses() throws Exception {
        connect();
        assertThat(ask()).isEqualTo("invalid_request_error");

        time.advanceTimeBy(Duration.ofMinutes(60).minusMillis(1));
        assertThat(ask()).isEqualTo("invalid_request_error");
        time.advanceTimeBy(Duration.ofMillis(1));

        var last = Json.read(next().getBytes(UTF_8));
        assertThat(last.get("type").stringValue()).isEqualTo("error");
        assertThat(last.get("status").intValue()).isEqualTo(400);
        assertThat(last.has("stream_id")).isFalse();
        assertThat(last.at("/error/code").stringValue()).isEqualTo("websocket_connection_limit_reached");
        assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
        assertThat(heard).isEmpty();
    }

    @Test
    void whatItGoesOnFromIsHeldEveryFiveMinutes() throws Exception {
        continuations.advance("a", runs.add(false));
        connect();
        ask();

        time.advanceTimeBy(Duration.ofMinutes(15));

        assertThat(threads.held).hasSize(3);
    }

    private void connect() {
        HttpClient.newConnection()
                .websocket()
                .uri("ws://127.0.0.1:" + server.port() + "/")
                .handle((in, out) -> {
                    in.receiveCloseStatus().subscribe(status -> code.complete(status.code()));
                    var sent = out.sendString(said.asFlux()).then();
                    return Flux.merge(
                                    in.receive().asString().doOnNext(heard::add).then(), sent)
                            .then();
                })
                .subscribe();
    }

    /** The code of the answer to what is no request, which shows that the socket is open. */
    private String ask() throws InterruptedException {
        said.tryEmitNext(NONSENSE).orThrow();
        return Json.read(next().getBytes(UTF_8)).at("/error/code").stringValue();
    }

    private String next() throws InterruptedException {
        String text = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(text).isNotNull();
        return text;
    }

    /** Heartbeats are so far apart that nobody is taken for silent when time leaps. */
    private DisposableServer serve() {
        var sockets = new Sockets(Duration.ofHours(9), DataSize.ofMegabytes(1), time);
        var routes = RouterFunctions.route(
                GET("/"),
                _ -> Mono.fromSupplier(
                        () -> sockets.open(new ResponsesSocket(null, null, null, continuations, null, time))));
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes)))
                .bindNow(PATIENCE);
    }
}
