package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.JSON;
import static dev.heddle.gateway.testing.TestClient.asking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.gateway.testing.Nginx;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestGateway;
import dev.heddle.gateway.testing.TestSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Streams through {@code deploy/proxies/nginx/heddle.conf}, with nginx itself. */
class NginxIT {
    private static final String SILENT_AFTER_FOUR = "Hello? [[chunks=9 fail=silence@4]]";

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsNginx() {
        assumeTrue(Nginx.isThere(), "nginx is not on the PATH, so its configuration was not tried");
    }

    @Test
    void eventsComeOneByOneAndHeartbeatsKeepQuietStreamsOpen() {
        try (var gateway = TestGateway.start(Map.of("heddle.http.heartbeat", "500ms"));
                var nginx = Nginx.start(directory, gateway.baseUrl(), "2s")) {
            var client = new TestClient(nginx.baseUrl());
            String thread = client.newThread();
            try (var socket = TestSocket.open(nginx.baseUrl(), "/stream");
                    var events = client.lines("/threads/" + thread + "/events")) {
                var lines = events.iterator();
                socket.say(JSON.writeValueAsString(Map.of("type", "subscribe", "thread_id", thread, "credit", 100)));
                String run = TestClient.id(
                        client.post("/threads/" + thread + "/runs", asking(client.newAssistant(), SILENT_AFTER_FOUR)));

                // The model says nothing more, and nothing behind these pushes them through.
                until(lines, line -> line.equals("event: text.appended"), 4);
                untilSaid(socket, "text.appended", 4);
                // Twice as long as nginx waits.
                until(lines, line -> line.equals(": ping"), 8);
                client.post("/threads/" + thread + "/runs/" + run + "/cancel", Map.of());

                until(lines, line -> line.equals("event: run.cancelled"), 1);
                untilSaid(socket, "run.cancelled", 1);
            }
        }
    }

    @Test
    void withoutHeartbeatsNginxCutsAQuietStream() {
        try (var gateway = TestGateway.start(Map.of("heddle.http.heartbeat", "60s"));
                var nginx = Nginx.start(directory, gateway.baseUrl(), "1s")) {
            var client = new TestClient(nginx.baseUrl());

            try (var events = client.lines("/threads/" + client.newThread() + "/events")) {
                assertThat(linesUntilCut(events.iterator())).first().isEqualTo(": open");
            }
        }
    }

    @Test
    void aTicketIsNotWrittenToTheAccessLog() {
        try (var gateway = TestGateway.start();
                var nginx = Nginx.start(directory, gateway.baseUrl(), "60s")) {
            var client = new TestClient(nginx.baseUrl());
            String path = "/threads/" + client.newThread() + "/events";

            assertThat(client.send(client.request(path + "?ticket=tkt_secret").GET())
                            .statusCode())
                    .isEqualTo(401);

            assertThat(logOf(nginx, path)).doesNotContain("tkt_");
        }
    }

    /** The access log once it tells of the path: nginx writes it behind its answer. */
    private static String logOf(Nginx nginx, String path) {
        return Flux.interval(Duration.ofMillis(10))
                .concatMap(_ -> Mono.fromCallable(nginx::accessLog).subscribeOn(Schedulers.boundedElastic()))
                .filter(log -> log.contains(path))
                .blockFirst(Duration.ofSeconds(20));
    }

    private static void until(Iterator<String> lines, Predicate<String> wanted, int times) {
        for (int left = times; left > 0; ) {
            left -= wanted.test(lines.next()) ? 1 : 0;
        }
    }

    private static void untilSaid(TestSocket socket, String event, int times) {
        for (int left = times; left > 0; ) {
            left -= socket.next().contains("\"event\":\"" + event + "\"") ? 1 : 0;
        }
    }

    private static List<String> linesUntilCut(Iterator<String> lines) {
        var all = new ArrayList<String>();
        try {
            lines.forEachRemaining(all::add);
        } catch (java.io.UncheckedIOException _) {
            return all; // The end of a stream that was not told is an error to the client.
        }
        return all;
    }
}
