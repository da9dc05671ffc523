package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.JSON;
import static dev.heddle.gateway.testing.TestClient.asking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.GatewayProcess;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.gateway.testing.TestSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions that grant no credit cost nothing, however much flows past them; the one beside them is served. */
class SubscriptionsIT {
    private static final int BUSY_THREADS = 20;
    private static final int SUBSCRIPTIONS = 1_000;
    private static final int TOKENS_PER_RUN = 23_000;
    private static final String TOKEN = "twenty characters..";
    private static final long MIN_BYTES = 100_000_000;
    private static final long MAX_GROWTH = 24_000_000;
    private static final String HEAP = "-Xmx128m";

    private static final Pattern TOTAL = Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);

    @TempDir
    private Path home;

    @Test
    void theHeapStaysFlatAndOthersAreServed() throws Exception {
        try (var model = ScriptedModelServer.start();
                var gateway = GatewayProcess.start(
                        home,
                        List.of(HEAP, "-XX:+ExitOnOutOfMemoryError"),
                        "--upstream",
                        model.baseUrl().toString(),
                        "--set",
                        "heddle.tail.max=4MB",
                        "--set",
                        "heddle.http.frame-cache=4MB")) {
            model.script(Script.ECHO.texts(Collections.nCopies(TOKENS_PER_RUN, TOKEN)));
            var client = gateway.client();
            String assistant = client.newAssistant();
            var threads = IntStream.range(0, SUBSCRIPTIONS)
                    .mapToObj(_ -> client.newThread())
                    .toList();
            var busy = threads.subList(0, BUSY_THREADS);
            try (var waiting = TestSocket.open(gateway.baseUrl(), "/stream");
                    var reading = TestSocket.open(gateway.baseUrl(), "/stream")) {
                threads.forEach(thread -> subscribe(waiting, thread, 0));
                threads.forEach(thread ->
                        assertThat(waiting.next()).contains("\"subscribed\"").contains(thread));
                busy.forEach(thread -> subscribe(reading, thread, 1_000));
                long before = liveBytes(gateway.pid());
                var heard = CompletableFuture.supplyAsync(() -> bytesUntilEnded(reading, BUSY_THREADS));

                busy.forEach(thread -> client.post("/threads/" + thread + "/runs", asking(assistant, "How much?")));

                assertThat(heard.join()).isGreaterThan(MIN_BYTES);
                assertThat(waiting.waiting()).isZero();
                assertThat(liveBytes(gateway.pid()) - before).isLessThan(MAX_GROWTH);
                assertGoesOnWithCredit(waiting, busy.getFirst());
            }
        }
    }

    /** From its cursor, which is where it began. */
    private static void assertGoesOnWithCredit(TestSocket socket, String thread) {
        credit(socket, thread, 2);
        assertThat(socket.next()).contains(thread).contains("\"seq\":1,");
        assertThat(socket.next()).contains(thread).contains("\"seq\":2,");
        assertThat(socket.waiting()).isZero();
    }

    /** Grants as much as it has heard, a thread at a time. */
    private static long bytesUntilEnded(TestSocket socket, int runs) {
        long bytes = 0;
        var heard = new HashMap<String, Integer>();
        for (int ended = 0; ended < runs; ) {
            String event = socket.next();
            if (event.contains("\"subscribed\"")) {
                continue;
            }
            bytes += event.length();
            ended += event.contains("\"event\":\"run.completed\"") ? 1 : 0;
            String thread = JSON.readTree(event).get("thread_id").stringValue();
            if (heard.merge(thread, 1, Integer::sum) % 500 == 0) {
                credit(socket, thread, 500);
            }
        }
        return bytes;
    }

    private static void subscribe(TestSocket socket, String thread, int credit) {
        socket.say(JSON.writeValueAsString(Map.of("type", "subscribe", "thread_id", thread, "credit", credit)));
    }

    private static void credit(TestSocket socket, String thread, int credit) {
        socket.say(JSON.writeValueAsString(Map.of("type", "credit", "thread_id", thread, "credit", credit)));
    }

    /** What is left on the heap of a process when all garbage is gone. */
    private static long liveBytes(long pid) throws IOException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram").start();
        var histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var total = TOTAL.matcher(histogram);
        assertThat(total.find()).as(histogram).isTrue();
        return Long.parseLong(total.group(1));
    }
}
