package dev.heddle.gateway.model;

import static dev.heddle.gateway.model.ModelCalls.asking;
import static dev.heddle.gateway.model.ModelCalls.failure;
import static dev.heddle.gateway.model.ModelCalls.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Failure;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.streaming.run.RunFailure;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Timeout(60)
class ModelRetryTests {
    private final ScriptedModelServer server = ScriptedModelServer.start();
    private final ChatCompletionsModel model =
            new ChatCompletionsModel(ModelCalls.settings(server), Schedulers.parallel());

    @AfterEach
    void closeAll() {
        model.dispose();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status@408",
                "status@409",
                "status@429",
                "status@500",
                "status@503",
                "hang-up",
                "reset@0",
                "drop@0"
            })
    void whatMayPassIsTriedAgainBeforeTheAnswerBegan(String failure) {
        server.script(Script.ECHO.failing(Failure.parse(failure)).failures(2));

        StepVerifier.create(model.events(asking("hi")))
                .expectNext(text("Answer"), text(" to:"), text(" hi"))
                .expectNextCount(2)
                .verifyComplete();

        assertThat(server.meter().read().requests()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status@400",
                "status@401",
                "status@403",
                "status@404",
                "json-error",
                "html",
                "error@0",
                "end@0",
                "malformed@0"
            })
    void whatWillNotPassIsNot(String failure) {
        server.script(Script.ECHO.failing(Failure.parse(failure)).failures(1));

        StepVerifier.create(model.events(asking("hi"))).verifyError();

        assertThat(server.meter().read().requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset@1", "drop@1", "end@1", "error@1"})
    void anAnswerThatHasBegunIsNeverAskedForAgain(String failure) {
        server.script(Script.ECHO.failing(Failure.parse(failure)).failures(1));

        StepVerifier.create(model.events(asking("hi")))
                .expectNext(text("Answer"))
                .verifyError();

        assertThat(server.meter().read().requests()).isEqualTo(1);
    }

    @Test
    void attemptsAreBounded() {
        server.script(Script.ECHO.failing(new Failure.Status(503)));

        StepVerifier.create(model.events(asking("hi"))).verifyError();

        assertThat(server.meter().read().requests()).isEqualTo(3);
    }

    @Test
    void theServersPauseIsKept() {
        server.script(Script.ECHO.failing(new Failure.Status(429)).failures(1).retryAfter("150ms"));

        var took = StepVerifier.create(model.events(asking("hi")))
                .expectNextCount(5)
                .verifyComplete();

        assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        assertThat(server.meter().read().requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aPauseTooLongForARunIsARateLimitAtOnce(int status) {
        server.script(
                Script.ECHO.failing(new Failure.Status(status)).failures(1).retryAfter("21"));

        StepVerifier.create(model.events(asking("hi")))
                .verifyErrorSatisfies(
                        error -> assertThat(failure(error).code()).isEqualTo(RunFailure.Code.RATE_LIMIT_EXCEEDED));

        assertThat(server.meter().read().requests()).isEqualTo(1);
    }

    @Test
    void cancellingEndsTheAttempts() {
        server.script(Script.ECHO.failing(new Failure.Status(429)).retryAfter("19"));

        StepVerifier.create(model.events(asking("hi")))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(200))
                .thenCancel()
                .verify();

        assertThat(server.meter().read().requests()).isEqualTo(1);
    }
}
