package dev.heddle.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RequestPredicates.GET;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RouterFunctions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What happens on the wire, with the server we run and clients that read as they like. */
class SseSocketTests {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AtomicInteger flushes = new AtomicInteger();
    private DisposableServer server;
    private Socket socket;

    @AfterEach
    void hangUp() throws IOException {
        socket.close();
        server.disposeNow();
    }

    @Test
    void theHeadersComeBeforeTheFirstFrame() throws IOException {
        connect(Flux.never());

        assertThat(readUntil(": open\n\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/event-stream; charset=utf-8\r\n")
                .contains("Cache-Control: no-cache\r\n")
                .contains("X-Accel-Buffering: no\r\n")
                .doesNotContain("Content-Encoding");
    }

    @Test
    void noFrameWaitsForALaterOne() throws IOException {
        var frames = Sinks.many().unicast().<SseFrame>onBackpressureBuffer();
        connect(frames.asFlux());
        readUntil(": open\n\n");

        for (int i = 0; i < 50; i++) {
            frames.tryEmitNext(frame(i, 10)).orThrow();
            assertThat(readUntil("\n\n")).contains("event: e" + i + "\n");
        }
    }

    @Test
    void framesThatWaitTogetherShareAFlush() throws IOException {
        connect(Flux.range(0, 100).map(i -> frame(i, 10)).concatWith(Flux.never()));

        readUntil("event: e99\n");

        assertThat(flushes).hasValueLessThan(20);
    }

    @Test
    void aClientThatNeverReadsStopsTheFrames() throws IOException {
        var made = new AtomicInteger();
        connect(Flux.<SseFrame>generate(sink -> sink.next(frame(made.getAndIncrement(), 32 * 1024))));

        awaitRest(made);

        // What the kernel's buffers hold, and what was asked for ahead.
        assertThat(made).hasValueLessThan(1_000);
    }

    @Test
    void aClientThatGoesCancelsTheFrames() throws Exception {
        var cancelled = new CountDownLatch(1);
        connect(Flux.<SseFrame>never().doOnCancel(cancelled::countDown));
        readUntil(": open\n\n");

        socket.close();

        assertThat(cancelled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private void connect(Flux<SseFrame> frames) throws IOException {
        var sse = new Sse(Duration.ofSeconds(15), Schedulers.parallel());
        var routes = RouterFunctions.route(GET("/"), _ -> sse.stream(frames));
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnConnection(connection -> connection.channel().pipeline().addFirst(new FlushCounter()))
                .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes)))
                .bindNow(PATIENCE);
        socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private String readUntil(String end) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as(text.toString()).isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }

    /** Returns when the count has been the same for a second. */
    private static void awaitRest(AtomicInteger count) {
        Flux.interval(Duration.ofMillis(200))
                .map(_ -> count.get())
                .buffer(6, 1)
                .filter(counts -> new HashSet<>(counts).size() == 1 && counts.getFirst() > 0)
                .blockFirst(PATIENCE);
    }

    private static SseFrame frame(int number, int bytes) {
        return SseFrame.of("e" + number, Json.utf8("\"" + "x".repeat(bytes) + "\""));
    }

    private final class FlushCounter extends ChannelDuplexHandler {
        @Override
        public void flush(ChannelHandlerContext context) {
            flushes.incrementAndGet();
            context.flush();
        }
    }
}
