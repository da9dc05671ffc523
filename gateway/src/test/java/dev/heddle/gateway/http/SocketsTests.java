package dev.heddle.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RequestPredicates.GET;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.RouterFunctions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServer;
import reactor.test.scheduler.VirtualTimeScheduler;

/** WebSockets on the wire, with the server we run and a client that does as it likes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketsTests {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX = 1 << 20;

    private Duration heartbeat = Duration.ofSeconds(15);
    private Sockets sockets;
    private DisposableServer server;

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void textsAreHeardInOrderAndAnsweredWhole() {
        serve(messages -> messages.map(SocketsTests::echo));

        var heard = client().handle(
                        (in, out) -> out.sendString(Flux.range(0, 1_000).map(i -> "message " + i))
                                .then()
                                .thenMany(in.receive().asString())
                                .take(1_000))
                .collectList()
                .block(PATIENCE);

        assertThat(heard)
                .isEqualTo(Flux.range(0, 1_000)
                        .map(i -> "message " + i)
                        .collectList()
                        .block());
    }

    @RepeatedTest(4)
    void theFirstTextIsHeardHoweverSoonItComes() {
        serve(messages -> messages.map(SocketsTests::echo));

        var heard = Flux.range(0, 500)
                .flatMap(
                        i -> client().handle((in, out) -> out.sendString(Mono.just("first " + i))
                                        .then()
                                        .thenMany(in.receive().asString())
                                        .take(1))
                                .next(),
                        8)
                .collectList()
                .block(PATIENCE);

        assertThat(heard).hasSize(500);
    }

    @Test
    void aTextInPiecesIsOneText() {
        serve(messages -> messages.map(SocketsTests::echo));

        var heard = client().handle((in, out) -> out.sendObject(Flux.<WebSocketFrame>just(
                                new TextWebSocketFrame(false, 0, "one "),
                                new ContinuationWebSocketFrame(false, 0, "and "),
                                new ContinuationWebSocketFrame(true, 0, "the same")))
                        .then()
                        .thenMany(in.receive().asString())
                        .take(1))
                .blockLast(PATIENCE);

        assertThat(heard).isEqualTo("one and the same");
    }

    @Test
    void aTextMayBeAsLargeAsABodyMayBe() {
        serve(messages -> messages.map(message -> SocketFrame.text(Json.utf8("" + message.length))));

        var heard = client().handle((in, out) -> out.sendString(Mono.just("x".repeat(MAX)))
                        .then()
                        .thenMany(in.receive().asString())
                        .take(1))
                .blockLast(PATIENCE);

        assertThat(heard).isEqualTo("" + MAX);
    }

    @Test
    void aLargerTextClosesTheSocketWith1009() {
        serve(messages -> messages.map(SocketsTests::echo));

        assertThat(codeAfter(Flux.just(new TextWebSocketFrame("x".repeat(MAX + 1)))))
                .isEqualTo(1009);
    }

    @RepeatedTest(20) // The code must outrun pieces that are still under way when the socket closes.
    void aLargerTextInPiecesDoesSoToo() {
        serve(messages -> messages.map(SocketsTests::echo));

        var pieces = Flux.<WebSocketFrame>just(new TextWebSocketFrame(false, 0, "x".repeat(MAX / 2)))
                .concatWith(Flux.range(0, 4).map(_ -> new ContinuationWebSocketFrame(false, 0, "x".repeat(MAX / 2))));

        assertThat(codeAfter(pieces)).isEqualTo(1009);
    }

    @Test
    void aFrameThatIsNoTextClosesTheSocketWith1003() {
        serve(messages -> messages.map(SocketsTests::echo));

        assertThat(codeAfter(Flux.just(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {1})))))
                .isEqualTo(1003);
    }

    @Test
    void theHandlerSaysHowItEnds() {
        serve(_ -> Flux.just(SocketFrame.text(Json.utf8("{}")), SocketFrame.close(4001, "Enough.")));

        assertThat(codeAfter(Flux.never())).isEqualTo(4001);
    }

    @Test
    void aHandlerThatIsDoneClosesWith1000AndOneThatBreaksWith1011() {
        serve(_ -> Flux.empty());
        assertThat(codeAfter(Flux.never())).isEqualTo(1000);
        server.disposeNow();

        serve(_ -> Flux.error(new IllegalStateException("a bug")));
        assertThat(codeAfter(Flux.never())).isEqualTo(1011);
    }

    @Test
    void theEndOfItsLifeHasLastWords() {
        serve(new Handler(_ -> Flux.never(), Duration.ofMillis(300)));
        var code = new CompletableFuture<Integer>();

        var heard = client().handle((in, _) -> {
                    in.receiveCloseStatus().subscribe(status -> code.complete(status.code()));
                    return in.receive().asString();
                })
                .collectList()
                .block(PATIENCE);

        assertThat(heard).containsExactly("\"farewell\"");
        assertThat(code).isCompletedWithValue(4002);
    }

    @Test
    void theServersEndClosesEverySocketWith1001() throws Exception {
        serve(messages -> messages.map(SocketsTests::echo));
        var codes = Flux.range(0, 5)
                .flatMap(_ -> Mono.fromCallable(() -> codeAfter(Flux.never())).subscribeOn(Schedulers.boundedElastic()))
                .collectList()
                .toFuture();
        await(() -> sockets.count() == 5);

        sockets.leave().block(PATIENCE);

        assertThat(codes.get(10, TimeUnit.SECONDS)).containsOnly(1001).hasSize(5);
        assertThat(codeAfter(Flux.never())).isEqualTo(1001);
    }

    @Test
    void aClientThatAnswersPingsStays() {
        heartbeat = Duration.ofMillis(50);
        serve(messages -> Flux.merge(
                messages.map(SocketsTests::echo),
                Mono.delay(heartbeat.multipliedBy(20)).thenReturn(SocketFrame.close(4003, "Still here."))));

        assertThat(codeAfter(Flux.never())).isEqualTo(4003);
    }

    @Test
    void aClientThatIsSilentForTwoHeartbeatsIsClosedAndFreed() throws Exception {
        heartbeat = Duration.ofMillis(200);
        var cancelled = new CountDownLatch(1);
        serve(messages -> messages.map(SocketsTests::echo).doOnCancel(cancelled::countDown));

        // It hears the pings and says nothing.
        var spec = WebsocketClientSpec.builder().handlePing(true).build();
        int code = codeAfter(Flux.never(), spec);

        assertThat(code).isEqualTo(4008);
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        await(() -> sockets.count() == 0);
    }

    @Test
    void aClientThatNeverReadsStopsTheFramesAndIsCutOff() throws Exception {
        heartbeat = Duration.ofSeconds(2);
        var made = new AtomicInteger();
        var cancelled = new CountDownLatch(1);
        var frames = Flux.<SocketFrame>generate(sink -> {
                    made.incrementAndGet();
                    sink.next(SocketFrame.text(new byte[32 * 1024]));
                })
                .doOnCancel(cancelled::countDown);
        serve(messages -> Flux.merge(messages.map(SocketsTests::echo), frames));

        try (var socket = RawSocket.upgraded(server.port())) {
            awaitRest(made);

            // What the kernel's buffers hold, and what was asked for ahead.
            assertThat(made).hasValueLessThan(1_000);
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
            await(() -> sockets.count() == 0);
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void messagesThatNobodyTakesWaitInTheNetwork() throws Exception {
        heartbeat = Duration.ofMillis(100);
        var taken = new AtomicInteger();
        var sent = new AtomicInteger();
        serve(messages -> messages.concatMap(
                        message -> Mono.delay(Duration.ofSeconds(3)).doOnNext(_ -> taken.addAndGet(message.length)), 1)
                .map(_ -> SocketFrame.text(Json.utf8("{}"))));
        var much = Flux.range(0, 1_000).map(_ -> "x".repeat(256 * 1024)).doOnNext(_ -> sent.incrementAndGet());

        var client = client().handle((_, out) -> out.sendString(much).then(Mono.never()))
                .subscribe();
        awaitRest(sent);

        // Also, it is not taken for silent while nobody listens to it.
        assertThat(sent).hasValueLessThan(500);
        assertThat(sockets.count()).isOne();
        client.dispose();
    }

    @Test
    void aClientThatGoesCancelsTheFrames() throws Exception {
        var cancelled = new CountDownLatch(2);
        serve(messages -> messages.map(SocketsTests::echo)
                .doFinally(_ -> cancelled.countDown())
                .mergeWith(Flux.<SocketFrame>never().doOnCancel(cancelled::countDown)));
        var client = client().handle((_, _) -> Mono.never()).subscribe();
        await(() -> sockets.count() == 1);

        client.dispose();

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        await(() -> sockets.count() == 0);
    }

    @Test
    void nothingIsLeftOfASocketThatIsOver() {
        var timers = VirtualTimeScheduler.create();
        serve(new Handler(messages -> messages.map(SocketsTests::echo), Duration.ofHours(1)), timers);
        for (int i = 0; i < 10; i++) {
            client().handle((in, out) -> out.sendString(Mono.just("hello"))
                            .then()
                            .thenMany(in.receive().take(1)))
                    .blockLast(PATIENCE);
        }
        await(() -> sockets.count() == 0);

        long waiting = timers.getScheduledTaskCount();
        timers.advanceTimeBy(Duration.ofHours(2));

        assertThat(timers.getScheduledTaskCount()).isEqualTo(waiting);
        assertThat(sockets.listeners()).isZero();
    }

    @Test
    void theDataOfAnEventIsTakenFromItsBytes() {
        var event = SseFrame.of("7", "x", Json.utf8("{\"a\":1}"));
        serve(_ -> Flux.just(SocketFrame.data(event), SocketFrame.data(Json.utf8("{\"b\":2,"), event)));

        var heard = client().handle((in, _) -> in.receive().asString())
                .collectList()
                .block(PATIENCE);

        assertThat(heard).containsExactly("{\"a\":1}", "{\"b\":2,\"a\":1}");
    }

    private void serve(Function<Flux<byte[]>, Flux<SocketFrame>> frames) {
        serve(new Handler(frames, Duration.ofHours(1)));
    }

    private void serve(Handler handler) {
        serve(handler, Schedulers.parallel());
    }

    private void serve(Handler handler, Scheduler scheduler) {
        sockets = new Sockets(heartbeat, DataSize.ofBytes(MAX), scheduler);
        var routes = RouterFunctions.route(
                GET("/"), _ -> Mono.fromSupplier(() -> sockets.open(handler)).subscribeOn(Schedulers.parallel()));
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes)))
                .bindNow(PATIENCE);
    }

    private HttpClient.WebsocketSender client() {
        return client(
                WebsocketClientSpec.builder().maxFramePayloadLength(2 * MAX).build());
    }

    private HttpClient.WebsocketSender client(WebsocketClientSpec spec) {
        return HttpClient.newConnection().websocket(spec).uri("ws://127.0.0.1:" + server.port() + "/");
    }

    private int codeAfter(Flux<WebSocketFrame> frames) {
        return codeAfter(frames, WebsocketClientSpec.builder().build());
    }

    private int codeAfter(Flux<WebSocketFrame> frames, WebsocketClientSpec spec) {
        var code = new CompletableFuture<Integer>();
        client(spec)
                .handle((in, out) -> {
                    in.receiveCloseStatus().subscribe(status -> code.complete(status.code()));
                    var sent = out.sendObject(frames).then().onErrorComplete();
                    return Flux.merge(in.receiveFrames().then(), sent).then();
                })
                .onErrorComplete()
                .blockLast(PATIENCE);
        return code.join();
    }

    private static SocketFrame echo(byte[] message) {
        return SocketFrame.text(message);
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(10))
                .filter(_ -> condition.getAsBoolean())
                .blockFirst(PATIENCE);
    }

    /** Returns when the count has been the same for a second. */
    private static void awaitRest(AtomicInteger count) {
        Flux.interval(Duration.ofMillis(200))
                .map(_ -> count.get())
                .buffer(6, 1)
                .filter(counts -> new HashSet<>(counts).size() == 1 && counts.getFirst() > 0)
                .blockFirst(PATIENCE);
    }

    private record Handler(Function<Flux<byte[]>, Flux<SocketFrame>> answers, Duration life) implements SocketHandler {
        @Override
        public Flux<SocketFrame> frames(Flux<byte[]> messages) {
            return answers.apply(messages);
        }

        @Override
        public Flux<SocketFrame> lastWords() {
            return Flux.just(SocketFrame.text("\"farewell\"".getBytes(UTF_8)), SocketFrame.close(4002, "Old."));
        }
    }
}
