package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.GatewayProcess;
import dev.heddle.gateway.testing.ResponsesSocketClient;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.gateway.testing.TestClient;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A socket that nobody reads: more is said to it than the whole heap could hold, and nobody else waits. */
@Timeout(180)
class ResponsesSlowReaderIT {
    private static final String HEAP = "-Xmx128m";
    private static final int RESPONSES = 6;
    private static final String TOKEN = "x".repeat(4_000);
    private static final int TOKENS = 1_000;

    /** A response says its text in pieces, and then as a whole four times. */
    private static final long MIN_BYTES_EACH = 5L * TOKEN.length() * TOKENS;

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
            var streams = IntStream.range(0, RESPONSES).mapToObj(i -> "s" + i).toList();

            streams.forEach(stream -> unread.create(stream, "Much?"));
            var responses = streams.stream()
                    .map(stream -> TestClient.id(unread.next(stream).json().get("response")))
                    .toList();

            assertThat(text(read.ask("", "Meanwhile?"))).isEqualTo("Answer to: Meanwhile?");
            assertThat(responses)
                    .allSatisfy(response ->
                            assertThat(bytes(gateway.client(), response)).isGreaterThan(MIN_BYTES_EACH));
            assertThat(text(read.ask("", "Still?"))).isEqualTo("Answer to: Still?");
            assertThat(gateway.isAlive()).isTrue();
            unread.cut();
        }
    }

    /** What another reader hears of the response, to its end. */
    private static long bytes(TestClient client, String response) {
        try (var events = client.events("/responses/" + response + "?stream=true")) {
            return events.mapToLong(event -> event.data().length()).sum();
        }
    }
}
