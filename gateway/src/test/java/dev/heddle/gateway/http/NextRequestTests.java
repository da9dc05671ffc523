package dev.heddle.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A connection that is kept alive, seen from the client's end. */
class NextRequestTests {
    private static final int PATIENCE_MILLIS = 10_000;

    private DisposableServer server;
    private Socket socket;

    @BeforeEach
    void connect() throws IOException {
        server = new NextRequest()
                .apply(HttpServer.create().host("127.0.0.1").port(0).handle(NextRequestTests::answer))
                .bindNow();
        socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    }

    @AfterEach
    void hangUp() throws IOException {
        socket.close();
        server.disposeNow();
    }

    @Test
    void aRequestAfterOneThatWaitedAndWasAnsweredAtOnceIsRead() throws IOException {
        send(get("/late") + get("/at-once"));
        assertThat(nextBody()).isEqualTo("/late");
        assertThat(nextBody()).isEqualTo("/at-once");

        send(get("/next"));

        assertThat(nextBody()).isEqualTo("/next");
    }

    @Test
    void requestsOneAfterTheOtherAreRead() throws IOException {
        for (int i = 0; i < 100; i++) {
            String path = i % 3 == 0 ? "/late" + i : "/at-once" + i;
            send(get(path));
            assertThat(nextBody()).isEqualTo(path);
        }
    }

    private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        var path = Mono.just(request.uri());
        return response.header("content-length", Integer.toString(request.uri().length()))
                .sendString(request.uri().startsWith("/late") ? path.delayElement(Duration.ofMillis(1)) : path);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n";
    }

    private void send(String requests) throws IOException {
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
    }

    private String nextBody() throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) socket.getInputStream().read());
        }
        int length = Integer.parseInt(head.toString().replaceAll("(?s).*content-length: (\\d+).*", "$1"));
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }
}
