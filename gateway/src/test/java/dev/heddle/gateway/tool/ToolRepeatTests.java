package dev.heddle.gateway.tool;

import static dev.heddle.gateway.tool.Tools.call;
import static dev.heddle.gateway.tool.Tools.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ScriptedToolServer;
import dev.heddle.gateway.testing.ToolAnswer;
import dev.heddle.gateway.testing.ToolRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Timeout(60)
class ToolRepeatTests {
    private static final ToolAnswer GOOD = ToolAnswer.text("good");

    private final ScriptedToolServer server = ScriptedToolServer.start();
    private final HttpTool once = new HttpTool(settings(server), Schedulers.parallel());
    private final HttpTool idempotent = new HttpTool(settings(server).withIdempotent(), Schedulers.parallel());

    @AfterEach
    void closeAll() {
        once.dispose();
        idempotent.dispose();
        server.close();
    }

    static Stream<ToolAnswer> failuresThatMayPass() {
        return Stream.of(
                ToolAnswer.status(429, ""),
                ToolAnswer.status(502, ""),
                ToolAnswer.status(503, ""),
                ToolAnswer.status(504, ""),
                new ToolAnswer.HangUp(),
                new ToolAnswer.Reset(),
                new ToolAnswer.BreakOff(200, "go"));
    }

    @ParameterizedTest
    @MethodSource("failuresThatMayPass")
    void anIdempotentToolIsCalledAgainUnderTheSameKey(ToolAnswer failure) {
        server.script("weather", failure, GOOD);

        assertThat(idempotent.output(call("{\"a\":1}")).block()).isEqualTo("good");

        assertThat(server.requests()).extracting(ToolRequest::idempotencyKey).containsExactly("call_1", "call_1");
        assertThat(server.requests()).extracting(ToolRequest::body).containsExactly("{\"a\":1}", "{\"a\":1}");
    }

    @ParameterizedTest
    @MethodSource("failuresThatMayPass")
    void anyOtherToolIsNeverCalledTwice(ToolAnswer failure) {
        server.script("weather", failure, GOOD);

        assertThat(once.output(call("{}")).block()).startsWith("The tool weather ");

        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 408, 409, 422, 500, 501})
    void otherStatusesStand(int status) {
        server.script("weather", ToolAnswer.status(status, ""), GOOD);

        assertThat(idempotent.output(call("{}")).block())
                .isEqualTo("The tool weather answered with status " + status + ".");

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void theThirdFailureStands() {
        server.script(
                "weather", new ToolAnswer.Reset(), ToolAnswer.status(503, "one"), ToolAnswer.status(503, "two"), GOOD);

        assertThat(idempotent.output(call("{}")).block()).isEqualTo("The tool weather answered with status 503:\ntwo");

        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void theToolsPauseIsKept() {
        server.script("weather", ToolAnswer.status(429, "retry-after", "1"), GOOD);

        var took = StepVerifier.create(idempotent.output(call("{}")))
                .expectNext("good")
                .verifyComplete();

        assertThat(took).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void cancellingEndsTheRepeats() {
        server.script("weather", ToolAnswer.status(503, "retry-after", "10"), GOOD);

        StepVerifier.create(idempotent.output(call("{}")))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(200))
                .thenCancel()
                .verify();

        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 250, 500", "1, 500, 1000"})
    void pausesDoubleAndVaryByHalf(int made, long from, long to) {
        for (int i = 0; i < 100; i++) {
            assertThat(new Repeats(true).pauseAfter(failure(null), made))
                    .hasValueSatisfying(pause -> assertThat(pause.toMillis()).isBetween(from, to));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 10"})
    void aShortWishIsHonoured(String retryAfter, long seconds) {
        assertThat(new Repeats(true).pauseAfter(failure(retryAfter), 0)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"11", "99999999999", "Thu, 01 Jan 2026 00:00:07 GMT", "soon", "-1", ""})
    void aLongOneAndOneThatIsNotUnderstoodEndTheRepeats(String retryAfter) {
        assertThat(new Repeats(true).pauseAfter(failure(retryAfter), 0)).isEmpty();
    }

    @Test
    void aWishForNoPauseGetsTheUsualOne() {
        assertThat(new Repeats(true).pauseAfter(failure("0"), 0))
                .hasValueSatisfying(pause -> assertThat(pause.toMillis()).isBetween(250L, 500L));
    }

    private static Outcome failure(String retryAfter) {
        return new Outcome.Passing("", Optional.ofNullable(retryAfter));
    }
}
