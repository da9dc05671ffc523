package dev.heddle.gateway.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.GatewayProcess;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that never read cost nothing: more flows past them than the whole heap could hold. */
class SlowReaderIT {
    private static final int RUNS = 20;
    private static final int TOKENS_PER_RUN = 23_000;
    private static final String TOKEN = "twenty characters..";
    private static final long MIN_BYTES = 100_000_000;
    private static final int SLOW_READERS = 20;
    private static final String HEAP = "-Xmx128m";

    @TempDir
    private Path home;

    @Test
    void theHeapStaysFlatAndTheOthersAreServed() throws Exception {
        try (var model = ScriptedModelServer.start();
                var gateway = GatewayProcess.start(
                        home,
                        List.of(HEAP, "-XX:+ExitOnOutOfMemoryError"),
                        "--upstream",
                        model.baseUrl().toString(),
                        "--set",
                        "heddle.threads.max-running-runs=" + RUNS);
                var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            model.script(Script.ECHO.texts(Collections.nCopies(TOKENS_PER_RUN, TOKEN)));
            var client = gateway.client();
            String assistant = client.newAssistant();
            String thread = client.newThread();
            List<Socket> slow = IntStream.range(0, SLOW_READERS)
                    .mapToObj(_ -> neverReading(gateway.baseUrl(), thread))
                    .toList();
            var reader = CompletableFuture.supplyAsync(() -> bytesUntilEnded(client, thread, RUNS), readers);

            for (int i = 0; i < RUNS; i++) {
                client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, "Question " + i));
            }

            assertThat(reader.join()).isGreaterThan(MIN_BYTES);
            assertThat(gateway.isAlive()).isTrue();
            assertResumesFromItsCursor(client, thread);
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** It reads at last, from where it had come to: everything is still there. */
    private static void assertResumesFromItsCursor(TestClient client, String thread) {
        try (var stream = client.events("/threads/" + thread + "/events?after=5")) {
            long expected = 6;
            int ended = 0;
            for (var next = stream.iterator(); ended < RUNS && next.hasNext(); ) {
                TestEvent event = next.next();
                assertThat(event.id()).isEqualTo(Long.toString(expected++));
                ended += event.endsRun() ? 1 : 0;
            }
            assertThat(ended).isEqualTo(RUNS);
        }
    }

    private static long bytesUntilEnded(TestClient client, String thread, int runs) {
        long bytes = 0;
        try (var stream = client.events("/threads/" + thread + "/events")) {
            int ended = 0;
            for (var next = stream.iterator(); ended < runs && next.hasNext(); ) {
                TestEvent event = next.next();
                ended += event.endsRun() ? 1 : 0;
                bytes += event.id().length()
                        + event.event().length()
                        + event.data().length();
            }
        }
        return bytes;
    }

    private static Socket neverReading(URI baseUrl, String thread) {
        try {
            var socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new java.net.InetSocketAddress(baseUrl.getHost(), baseUrl.getPort()));
            socket.getOutputStream()
                    .write(("GET /v1/threads/" + thread + "/events HTTP/1.1\r\nHost: heddle\r\n\r\n")
                            .getBytes(US_ASCII));
            return socket;
        } catch (IOException error) {
            throw new java.io.UncheckedIOException(error);
        }
    }
}
