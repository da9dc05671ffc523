package dev.heddle.gateway.model;

import static dev.heddle.gateway.model.ModelCalls.asking;
import static dev.heddle.gateway.model.ModelCalls.failure;
import static dev.heddle.streaming.run.RunFailure.Code.INVALID_PROMPT;
import static dev.heddle.streaming.run.RunFailure.Code.RATE_LIMIT_EXCEEDED;
import static dev.heddle.streaming.run.RunFailure.Code.SERVER_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.gateway.testing.Failure;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Each way in which an upstream lets us down, the texts that came before, and what the client of the run is told. */
@Timeout(60)
class ModelFailureTests {
    private static final ScriptedModelServer server = ScriptedModelServer.start();
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final ChatCompletionsModel model = model(UpstreamSettings.Timeouts.DEFAULTS);
    private static final ChatCompletionsModel impatient =
            model(new UpstreamSettings.Timeouts(Duration.ofSeconds(5), SHORT, SHORT));

    @AfterAll
    static void closeAll() {
        model.dispose();
        impatient.dispose();
        server.close();
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                arguments(new Failure.HangUp(), 0, SERVER_ERROR, "broke off the connection"),
                arguments(new Failure.HtmlPage(), 0, SERVER_ERROR, "answered with text/html; charset=utf-8 instead"),
                arguments(new Failure.JsonError(), 0, SERVER_ERROR, "reported an error: The scripted failure"),
                arguments(new Failure.Reset(0), 0, SERVER_ERROR, "broke off the connection"),
                arguments(new Failure.Reset(3), 3, SERVER_ERROR, "broke off the connection"),
                arguments(new Failure.AtByte(new Failure.Reset(0), 600), 2, SERVER_ERROR, "broke off the connection"),
                arguments(new Failure.Drop(3), 3, SERVER_ERROR, "broke off the connection"),
                arguments(new Failure.End(0), 0, SERVER_ERROR, "ended its answer before it was complete"),
                arguments(new Failure.End(5), 5, SERVER_ERROR, "ended its answer before it was complete"),
                arguments(new Failure.ErrorChunk(3), 3, SERVER_ERROR, "reported an error: The scripted failure"),
                arguments(new Failure.Malformed(3), 3, SERVER_ERROR, "can not be understood"),
                arguments(new Failure.HugeLine(3), 3, SERVER_ERROR, "more than 1048576 bytes"),
                arguments(new Failure.ToolCall(3), 3, SERVER_ERROR, "asked for a tool"),
                arguments(new Failure.NoFinishReason(5), 5, SERVER_ERROR, "without saying why"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whatWasSaidIsKeptThenTheFailureIsTold(Failure failure, int texts, RunFailure.Code code, String words) {
        server.script(Script.ECHO.chunks(5).failing(failure));

        verifyFailure(texts, code, words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-headers", "silence@0", "silence@3"})
    void silenceIsAFailure(String failure) {
        server.script(Script.ECHO.chunks(5).failing(Failure.parse(failure)));

        // What was said before depends on how fast the server is: its first byte may be late as well.
        StepVerifier.create(impatient.events(asking("hi you")))
                .thenConsumeWhile(_ -> true)
                .expectErrorSatisfies(error -> assertThat(failure(error))
                        .isEqualTo(RunFailure.serverError("The model's server sent nothing for 0.3 s.")))
                .verify(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"error@3", "malformed@3", "tool-call@3", "huge-line@3", "end@3", "no-finish-reason@3"})
    void textThatArrivedTogetherWithTheFailureIsKeptForASlowReader(String failure) {
        server.script(Script.ECHO.chunksPerWrite(100).failing(Failure.parse(failure)));

        StepVerifier.create(model.events(asking("hi you")), 1)
                .expectNextSequence(firstTexts(1))
                .expectNoEvent(SHORT)
                .thenRequest(1)
                .expectNext(ModelCalls.text(" to:"))
                .thenRequest(1)
                .expectNext(ModelCalls.text(" hi"))
                .verifyError(ProblemException.class);
    }

    static Stream<Arguments> statuses() {
        var tooLong =
                "{\"error\":{\"message\":\"This model's maximum context length is 9\",\"code\":\"context_length_exceeded\"}}";
        var badOption = "{\"error\":{\"message\":\"Unknown parameter: x\",\"code\":\"unknown_parameter\"}}";
        return Stream.of(
                arguments(400, tooLong, INVALID_PROMPT, "status 400: This model's maximum context length is 9"),
                arguments(400, badOption, SERVER_ERROR, "status 400: Unknown parameter: x"),
                arguments(
                        401,
                        "{\"error\":\"Wrong key abc\"}",
                        SERVER_ERROR,
                        "did not accept the gateway's credentials (401)."),
                arguments(
                        403,
                        "{\"error\":\"Not you\"}",
                        SERVER_ERROR,
                        "did not accept the gateway's credentials (403)."),
                arguments(404, "{\"error\":\"No model m\"}", SERVER_ERROR, "status 404: No model m."),
                arguments(
                        429,
                        "{\"error\":\"Slow down.\"}",
                        RATE_LIMIT_EXCEEDED,
                        "limits its requests (429): Slow down."),
                arguments(500, "<html>", SERVER_ERROR, "status 500."),
                arguments(503, "", SERVER_ERROR, "status 503."),
                arguments(301, "", SERVER_ERROR, "status 301."));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aRefusalIsToldInTheServersWords(int status, String body, RunFailure.Code code, String words) {
        server.script(Script.ECHO.failing(new Failure.Status(status)).errorBody(body));

        verifyFailure(0, code, words);
    }

    @Test
    void anErrorInTheStreamIsClassedLikeAStatus() {
        server.script(Script.ECHO.failing(new Failure.ErrorChunk(2)).errorBody("{\"error\":{\"code\":429}}"));
        verifyFailure(2, RATE_LIMIT_EXCEEDED, "reported an error.");

        server.script(Script.ECHO
                .failing(new Failure.ErrorChunk(2))
                .errorBody("{\"error\":{\"message\":\"No\",\"type\":\"content_filter\"}}"));
        verifyFailure(2, INVALID_PROMPT, "reported an error: No");
    }

    @Test
    void aServerThatIsNotThereCanNotBeReached() {
        var nowhere =
                UpstreamSettings.of(URI.create("http://127.0.0.1:1/v1"), "").withRetries(ModelCalls.QUICK_RETRIES);
        var lonely = new ChatCompletionsModel(nowhere, Schedulers.parallel());

        StepVerifier.create(lonely.events(asking("hi")))
                .verifyErrorSatisfies(error -> assertThat(failure(error))
                        .isEqualTo(RunFailure.serverError("The model's server could not be reached.")));
        lonely.dispose();
    }

    @Test
    void aServerWithoutTlsIsNoSecureServer() {
        var secure = URI.create(server.baseUrl().toString().replace("http:", "https:"));
        var insecure = new ChatCompletionsModel(
                UpstreamSettings.of(secure, "").withRetries(ModelCalls.QUICK_RETRIES), Schedulers.parallel());

        StepVerifier.create(insecure.events(asking("hi")))
                .verifyErrorSatisfies(
                        error -> assertThat(failure(error).message()).contains("No secure connection"));
        insecure.dispose();
    }

    @Test
    void aCallThatGetsNoConnectionFails() {
        server.script(Script.ECHO.failing(new Failure.Silence(1)));
        var limits = new UpstreamSettings.Limits(1_000, 1, 1, SHORT);
        var narrow = new ChatCompletionsModel(ModelCalls.settings(server).withLimits(limits), Schedulers.parallel());

        var inUse = RunFailure.serverError("All connections to the model's server are in use.");
        StepVerifier.create(narrow.events(asking("hi")).flatMap(_ -> narrow.events(asking("hi"))))
                .verifyErrorSatisfies(error -> assertThat(failure(error)).isEqualTo(inUse));
        StepVerifier.create(Flux.merge(
                        narrow.events(asking("hi")), narrow.events(asking("hi")), narrow.events(asking("hi"))))
                .thenConsumeWhile(_ -> true)
                .verifyErrorSatisfies(error -> assertThat(failure(error)).isEqualTo(inUse));
        narrow.dispose();
    }

    private static void verifyFailure(int texts, RunFailure.Code code, String words) {
        StepVerifier.create(model.events(asking("hi you")))
                .expectNextSequence(firstTexts(texts))
                .expectErrorSatisfies(error -> {
                    assertThat(failure(error).code()).isEqualTo(code);
                    assertThat(failure(error).message()).contains(words);
                })
                .verify(Duration.ofSeconds(20));
    }

    private static ChatCompletionsModel model(UpstreamSettings.Timeouts timeouts) {
        return new ChatCompletionsModel(ModelCalls.settings(server).withTimeouts(timeouts), Schedulers.parallel());
    }

    private static List<ModelEvent> firstTexts(int count) {
        var words = List.of("Answer", " to:", " hi", " you", " w4");
        return IntStream.range(0, count)
                .mapToObj(i -> ModelCalls.text(words.get(i)))
                .toList();
    }
}
