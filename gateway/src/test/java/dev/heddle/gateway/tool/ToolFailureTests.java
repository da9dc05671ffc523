package dev.heddle.gateway.tool;

import static dev.heddle.gateway.tool.Tools.call;
import static dev.heddle.gateway.tool.Tools.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.heddle.gateway.testing.ScriptedToolServer;
import dev.heddle.gateway.testing.ToolAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What a model reads when its call fails. */
@Timeout(60)
class ToolFailureTests {
    private static final String UNCERTAIN = " Whether the call had an effect is not known.";

    private final ScriptedToolServer server = ScriptedToolServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    static Stream<Arguments> failures() {
        var broken = "The tool weather broke off the connection before its answer was complete." + UNCERTAIN;
        return Stream.of(
                arguments(ToolAnswer.status(400, "no such city\n"), "answered with status 400:\nno such city"),
                arguments(ToolAnswer.status(404, ""), "answered with status 404."),
                arguments(ToolAnswer.status(500, "{\"e\":1}"), "answered with status 500:\n{\"e\":1}"),
                arguments(new ToolAnswer.BreakOff(503, "so"), "answered with status 503."),
                arguments(new ToolAnswer.HangUp(), broken.substring(17)),
                arguments(new ToolAnswer.Reset(), broken.substring(17)),
                arguments(new ToolAnswer.BreakOff(200, "so far"), broken.substring(17)),
                arguments(new ToolAnswer.Garbage("SSH-2.0-OpenSSH"), "could not be called properly." + UNCERTAIN));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsToldInWords(ToolAnswer answer, String words) {
        server.script("weather", answer);

        assertThat(output(settings(server))).isEqualTo("The tool weather " + words);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void theBodyOfARefusalIsToldUpToTwoThousandCharacters() {
        server.script(
                "weather",
                ToolAnswer.status(500, "x".repeat(2_000)),
                ToolAnswer.status(500, "x".repeat(1_998) + "🧵🧵"),
                ToolAnswer.status(500, "y".repeat(1 << 20)));

        assertThat(output(settings(server))).endsWith(":\n" + "x".repeat(2_000));
        assertThat(output(settings(server))).endsWith(":\n" + "x".repeat(1_998) + "…");
        assertThat(output(settings(server))).endsWith(":\n" + "y".repeat(1_999) + "…");
    }

    @Test
    void redirectsAreNotFollowed() {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            server.script(
                    "weather",
                    ToolAnswer.status(
                            status, "location", server.url("elsewhere").toString()));

            assertThat(output(settings(server).withIdempotent()))
                    .isEqualTo("The tool weather answered with status " + status + ", and redirects are not followed.");
        }

        assertThat(server.requests()).extracting("tool").containsOnly("weather").hasSize(5);
    }

    @Test
    void aToolThatIsNotThereCanNotBeReached() {
        assertThat(output(settings("http://127.0.0.1:1/weather"))).isEqualTo("The tool weather could not be reached.");
    }

    @Test
    void aCertificateThatNobodyTrustsIsNoSecureConnection() {
        try (var untrusted = ScriptedToolServer.startUntrusted()) {
            assertThat(output(settings(untrusted).withIdempotent()))
                    .isEqualTo("The tool weather was not called, because no secure connection to it could be made.");
            assertThat(untrusted.requests()).isEmpty();
        }
    }

    @Test
    void aServerWithoutTlsIsNoSecureServer() {
        var secure = server.url("weather").toString().replace("http:", "https:");

        assertThat(output(settings(secure))).contains("no secure connection");
    }

    @Test
    void callsBeyondThePoolsBoundAreNotMade() {
        var outcomes = new Outcomes(settings(server).withIdempotent());

        assertThat(outcomes.failed(new PoolAcquirePendingLimitException(1)))
                .isEqualTo(new Outcome.Final(
                        "The tool weather was not called, because too many calls of it are under way."));
    }

    static Stream<ToolAnswer> endlessAnswers() {
        return Stream.of(new ToolAnswer.Silence(), new ToolAnswer.Stall("half an ans"));
    }

    @ParameterizedTest
    @MethodSource("endlessAnswers")
    void aToolThatIsTooSlowIsGivenUpInTimeAndNotCalledAgain(ToolAnswer answer) {
        server.script("weather", answer);
        var time = VirtualTimeScheduler.create();
        var outputs = new ArrayList<String>();
        var tool = new HttpTool(settings(server).withIdempotent(), time);

        StepVerifier.create(tool.output(call("{}")).doOnNext(outputs::add))
                .expectSubscription()
                .then(() -> server.arrivals().blockFirst())
                .then(() -> time.advanceTimeBy(Duration.ofMillis(29_999)))
                .then(() -> assertThat(outputs).isEmpty())
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .expectNext("The tool weather did not answer within 30 s." + UNCERTAIN)
                .verifyComplete();

        StepVerifier.create(server.clientCloses())
                .expectNextCount(1)
                .thenCancel()
                .verify(Duration.ofSeconds(10));
        time.advanceTimeBy(Duration.ofHours(1));
        assertThat(server.requests()).hasSize(1);
        tool.dispose();
    }

    private static String output(HttpToolSettings settings) {
        Scheduler timer = Schedulers.parallel();
        var tool = new HttpTool(settings, timer);
        try {
            return tool.output(call("{}")).block();
        } finally {
            tool.dispose();
        }
    }
}
