package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.AllocationMeter;
import dev.heddle.gateway.testing.GatewayProcess;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.gateway.testing.TestClient;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The garbage that a token makes on its whole way, from the model's socket to the database and to its reader: a guard that
 * is not timed. The gateway is alone in its process, so that everything its threads allocate is counted, and nothing else:
 * neither the model, nor the reader, nor what BlockHound adds. A slow machine makes less of it, as more goes together.
 */
class AllocationPerTokenIT {
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 3;
    private static final double TOLERANCE = 1.25;

    private static final Map<String, Object> QUESTION =
            Map.of("messages", List.of(Map.of("role", "user", "content", "Why?")));
    private static final Map<String, Object> RESPONSE = Map.of("model", "scripted", "stream", true, "input", "Why?");

    @TempDir
    private static Path home;

    private static ScriptedModelServer model;
    private static GatewayProcess gateway;
    private static AllocationMeter meter;
    private static TestClient client;
    private static Map<String, Object> run;

    @BeforeAll
    static void start() {
        model = ScriptedModelServer.start();
        gateway = GatewayProcess.start(
                home, List.of("-Xmx256m"), "--upstream", model.baseUrl().toString());
        meter = new AllocationMeter(gateway.pid());
        client = gateway.client();
        run = Map.of("assistant_id", client.newAssistant(), "stream", true, "thread", QUESTION);
    }

    @AfterAll
    static void stop() throws IOException {
        meter.close();
        gateway.close();
        model.close();
    }

    /** As fast as they are taken: hundreds are stored and shown together, so this is what each of them costs by itself. */
    @Test
    void ofOneAmongManyIsBounded() {
        model.script(Script.ECHO.chunks(1_000));

        assertBounded("/threads/runs", run, 20, 1_000, 2_700);
        assertBounded("/responses", RESPONSE, 20, 1_000, 2_700);
    }

    /** Stored by a group commit of its own, which is nearly all that this counts. */
    @Test
    void ofOneAloneIsBounded() {
        model.script(Script.ECHO.chunks(50).delay(Duration.ofMillis(25)));

        assertBounded("/threads/runs", run, 1, 50, 46_800);
        assertBounded("/responses", RESPONSE, 1, 50, 46_800);
    }

    private static void assertBounded(String path, Object body, int streams, int tokens, long expected) {
        for (int i = 0; i < WARM_UP; i++) {
            perToken(path, body, streams, tokens);
        }
        long least = LongStream.generate(() -> perToken(path, body, streams, tokens))
                .limit(ROUNDS)
                .min()
                .orElseThrow();

        assertThat(least)
                .as("bytes that the gateway allocates for a token of %s: %d when this was written", path, expected)
                .isLessThanOrEqualTo((long) (expected * TOLERANCE));
    }

    private static long perToken(String path, Object body, int streams, int tokens) {
        long before = meter.bytes();
        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Stream.generate(() -> CompletableFuture.runAsync(() -> read(path, body, tokens), readers))
                    .limit(streams)
                    .toList()
                    .forEach(CompletableFuture::join);
        }
        return (meter.bytes() - before) / ((long) streams * tokens);
    }

    private static void read(String path, Object body, int tokens) {
        var request = client.request(path).POST(BodyPublishers.ofString(TestClient.JSON.writeValueAsString(body)));
        try (var lines = client.open(request).body()) {
            assertThat(lines.filter(line -> line.startsWith("event: ") && line.endsWith("delta")))
                    .hasSize(tokens);
        }
    }
}
