package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.GatewayProcess;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of streaming: what a client has seen is stored, and nothing stays active for ever. */
class CrashIT {
    private static final int RUNS = 20;
    private static final int SEEN_BEFORE_THE_CRASH = 12;
    private static final String ENDLESS = "Tell me a long story. [[chunks=5000 delay=20ms]]";

    @TempDir
    private Path home;

    @Test
    void whatWasSeenIsInTheLogAndEveryRunEnds() throws Exception {
        try (var model = ScriptedModelServer.start();
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> threads;
            List<List<TestEvent>> seen;
            try (var gateway = start(model)) {
                var client = gateway.client();
                String assistant = client.newAssistant();
                threads = IntStream.range(0, RUNS)
                        .mapToObj(_ -> client.newThread())
                        .toList();
                var watched = new CountDownLatch(RUNS);
                var reading = threads.stream()
                        .map(thread -> CompletableFuture.supplyAsync(() -> read(client, thread, watched), readers))
                        .toList();
                threads.forEach(
                        thread -> client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, ENDLESS)));
                assertThat(watched.await(60, TimeUnit.SECONDS)).isTrue();
                gateway.kill();
                seen = reading.stream().map(CompletableFuture::join).toList();
            }

            try (var gateway = start(model)) {
                for (int i = 0; i < RUNS; i++) {
                    assertRecovered(gateway.client(), threads.get(i), seen.get(i));
                }
            }
        }
    }

    private GatewayProcess start(ScriptedModelServer model) {
        return GatewayProcess.start(
                home, List.of(), "--upstream", model.baseUrl().toString());
    }

    /** Reads until the connection breaks. */
    private static List<TestEvent> read(TestClient client, String thread, CountDownLatch watched) {
        var events = new ArrayList<TestEvent>();
        try (var stream = client.events("/threads/" + thread + "/events")) {
            stream.forEach(event -> {
                events.add(event);
                if (events.size() == SEEN_BEFORE_THE_CRASH) {
                    watched.countDown();
                }
            });
        } catch (UncheckedIOException broken) {
            assertThat(events).as(broken.toString()).hasSizeGreaterThanOrEqualTo(SEEN_BEFORE_THE_CRASH);
        }
        return events;
    }

    private static void assertRecovered(TestClient client, String thread, List<TestEvent> seen) {
        List<TestEvent> log = untilRunEnded(client, thread);
        assertThat(log.subList(0, seen.size())).isEqualTo(seen);

        var run = client.get("/threads/" + thread + "/runs").at("/data/0");
        assertThat(run.get("status").stringValue()).isEqualTo("failed");
        assertThat(run.at("/last_error/code").stringValue()).isEqualTo("server_error");
        var answer = client.get("/threads/" + thread + "/messages").at("/data/0");
        assertThat(answer.get("status").stringValue()).isEqualTo("incomplete");
        assertThat(TestClient.text(answer)).isEqualTo(textOf(log)).startsWith(textOf(seen));

        var next = client.post(
                "/threads/" + thread + "/messages", Map.of("role", "user", "content", "Are you still there?"));
        assertThat(next.get("status").stringValue()).isEqualTo("completed");
    }

    private static List<TestEvent> untilRunEnded(TestClient client, String thread) {
        var events = new ArrayList<TestEvent>();
        try (var stream = client.events("/threads/" + thread + "/events")) {
            for (var next = stream.iterator(); next.hasNext(); ) {
                events.add(next.next());
                if (events.getLast().endsRun()) {
                    break;
                }
            }
        }
        return events;
    }

    private static String textOf(List<TestEvent> events) {
        var text = new StringBuilder();
        events.stream()
                .filter(event -> event.event().equals("text.appended"))
                .forEach(event -> text.append(event.json().get("text").stringValue()));
        return text.toString();
    }
}
