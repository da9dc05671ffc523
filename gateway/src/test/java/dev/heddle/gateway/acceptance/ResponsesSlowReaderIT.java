package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.heddle.gateway.testing.GatewayProcess;
import dev.heddle.gateway.testing.ResponsesSocketClient;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A socket that nobody reads: more is said to it than the whole heap could hold, and nobody else waits. */
@Timeout(300)
class ResponsesSlowReaderIT {
    private static final String HEAP = "-Xmx160m";
    private static final int RESPONSES = 9;
    private static final String TOKEN = "x".repeat(4_000);
    private static final int TOKENS = 1_000;

    /** A response says its text in pieces, and then as a whole four times. */
    private static final long MIN_BYTES_EACH = 5L * TOKEN.length() * TOKENS;

    /** For one of its steps, so that one that hangs says which it is, and how far it came. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    @Test
    void theHeapStaysFlatAndAnotherSocketIsServed() {
        try (var model = ScriptedModelServer.start();
                var gateway = GatewayProcess.start(
                        home,
                        List.of(HEAP, "-XX:+ExitOnOutOfMemoryError"),
                        "--upstream",
                        model.baseUrl().toString());
                var unread = ResponsesSocketClient.open(gateway.baseUrl());
                var read = ResponsesSocketClient.open(gateway.baseUrl())) {
            model.scriptFor("Much?", Script.ECHO.texts(Collections.nCopies(TOKENS, TOKEN)));

            // One after the other: the ends of long answers take memory of their own, honestly.
            for (int i = 0; i < RESPONSES; i++) {
                String conversation = TestClient.id(gateway.client().post("/conversations", Map.of()));
                unread.create("s" + i, "Much?", "conversation", conversation);
                assertThat(bytes(gateway.client(), response(gateway.client(), conversation)))
                        .isGreaterThan(MIN_BYTES_EACH);
                assertThat(text(read.ask("", "Meanwhile?"))).isEqualTo("Answer to: Meanwhile?");
            }

            assertThat(text(read.ask("", "Still?"))).isEqualTo("Answer to: Still?");
            assertThat(gateway.isAlive()).isTrue();
            unread.cut();
        }
    }

    /** The one that is made in the conversation, once it is admitted. */
    private static String response(TestClient client, String conversation) {
        String path = "/threads/" + conversation.replace("conv_", "thread_") + "/runs";
        return assertTimeoutPreemptively(PATIENCE, () -> firstOf(client, path), "no run in " + conversation);
    }

    private static String firstOf(TestClient client, String runs) {
        while (true) {
            var admitted = client.list(runs, 1);
            if (!admitted.isEmpty()) {
                return TestClient.id(admitted.getFirst()).replace("run_", "resp_");
            }
        }
    }

    /** What another reader hears of the response, to its end. */
    private static long bytes(TestClient client, String response) {
        var heard = new AtomicReference<>(new TestEvent("", "nothing", ""));
        try (var events = client.events("/responses/" + response + "?stream=true")) {
            return assertTimeoutPreemptively(
                    PATIENCE,
                    () -> events.peek(heard::set)
                            .mapToLong(event -> event.data().length())
                            .sum(),
                    () -> "the end of " + response + " is not heard behind "
                            + heard.get().event() + ", as "
                            + client.get("/responses/" + response).get("status"));
        }
    }
}
