package dev.heddle.gateway.model;

import static dev.heddle.gateway.model.ModelCalls.asking;
import static dev.heddle.gateway.model.ModelCalls.said;
import static dev.heddle.gateway.model.ModelCalls.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.ContextMessage;
import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.gateway.testing.Failure;
import dev.heddle.gateway.testing.Prompt;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.ToolUse;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Timeout(60)
class ChatCompletionsModelTests {
    private static final ModelEvent STOP = new ModelEvent.Finished(FinishReason.STOP);

    private final ScriptedModelServer server = ScriptedModelServer.start();
    private ChatCompletionsModel model = model(ModelCalls.settings(server));

    @AfterEach
    void closeAll() {
        model.dispose();
        server.close();
    }

    @Test
    void anAnswerIsItsTextsThenTheUsageThenTheEnd() {
        StepVerifier.create(model.events(asking("hi you")))
                .expectNext(text("Answer"), text(" to:"), text(" hi"), text(" you"))
                .expectNext(new ModelEvent.Used(new Usage(2, 4)), STOP)
                .verifyComplete();
    }

    @ParameterizedTest
    @EnumSource(Script.UsageShape.class)
    void usageIsFoundWhereverItStands(Script.UsageShape shape) {
        server.script(Script.ECHO.usage(shape));
        var usage = shape == Script.UsageShape.NONE ? Usage.NONE : new Usage(1, 3);

        StepVerifier.create(model.events(asking("hi")).skip(3))
                .expectNext(new ModelEvent.Used(usage), STOP)
                .verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100})
    void textSurvivesAnyCutOfTheBytes(int bytesPerWrite) {
        server.script(Script.saying("grüße", " € ", "🧵", "\n\u2028\"").bytesPerWrite(bytesPerWrite));

        assertThat(answer("hi")).isEqualTo("grüße € 🧵\n\u2028\"");
    }

    @Test
    void severalChunksInOneWriteComeOneByOne() {
        server.script(Script.saying("a", "b", "c").chunksPerWrite(10));

        StepVerifier.create(model.events(asking("hi")), 0)
                .thenRequest(1)
                .expectNext(text("a"))
                .thenRequest(1)
                .expectNext(text("b"))
                .thenRequest(9)
                .expectNext(text("c"), new ModelEvent.Used(new Usage(1, 3)), STOP)
                .verifyComplete();
    }

    @Test
    void theRequestCarriesInstructionsMessagesAndOptions() {
        var picture = new Content.ImageUrl("https://example.com/a.png", Content.Detail.LOW);
        var context = List.of(
                said(Role.USER, "Hello \"you\""),
                said(Role.ASSISTANT, "Hi."),
                new ContextMessage.Said(
                        new Item.Message(Role.USER, List.of(new Content.Text("What is this?"), picture))));
        var options = new ModelOptions(0.5, 0.9, 100, "low", "{\"type\":\"json_object\"}");

        answer(new ModelCall("gpt-x", "Be brief.", context, options, ToolUse.NONE));

        assertThat(server.prompts()).extracting(Prompt::json).containsExactly("""
                {"model":"gpt-x","stream":true,"stream_options":{"include_usage":true},\
                "temperature":0.5,"top_p":0.9,"max_completion_tokens":100,"reasoning_effort":"low",\
                "response_format":{"type":"json_object"},"messages":[\
                {"role":"system","content":"Be brief."},\
                {"role":"user","content":"Hello \\"you\\""},\
                {"role":"assistant","content":"Hi."},\
                {"role":"user","content":[{"type":"text","text":"What is this?"},\
                {"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}}]}]}""");
    }

    @Test
    void whatIsNotGivenIsNotSent() {
        answer("hi");

        assertThat(server.prompts()).extracting(Prompt::json).containsExactly("""
                {"model":"m","stream":true,"stream_options":{"include_usage":true},\
                "messages":[{"role":"user","content":"hi"}]}""");
        assertThat(server.prompts().getFirst().authorization()).isEmpty();
    }

    @Test
    void theKeyIsSentAsBearerTokenAndNeverPrinted() {
        var settings = UpstreamSettings.of(server.baseUrl(), "secret-123");
        model = model(settings);

        answer("hi");

        assertThat(server.prompts().getFirst().authorization()).isEqualTo("Bearer secret-123");
        assertThat(settings.toString()).doesNotContain("secret-123");
    }

    @Test
    void theConnectionOfAWholeAnswerIsUsedAgain() {
        for (int i = 0; i < 10; i++) {
            answer("hi");
        }

        assertThat(server.meter().read().requests()).isEqualTo(10);
        // Two, because a call may find the connection of the one before on its way back to the pool.
        assertThat(server.meter().read().openConnections()).isBetween(1, 2);
    }

    @Test
    void cancellingClosesTheConnection() {
        server.script(Script.saying("a", "b").failing(new Failure.Silence(2)));

        StepVerifier.create(model.events(asking("bye")))
                .expectNext(text("a"), text("b"))
                .thenCancel()
                .verify();

        StepVerifier.create(server.meter().clientCloses())
                .assertNext(close -> assertThat(close.question()).isEqualTo("bye"))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void cancellingBeforeTheHeadersClosesTheConnection() {
        server.script(Script.ECHO.failing(new Failure.NoHeaders()));

        var call = model.events(asking("bye")).subscribe();
        StepVerifier.create(Flux.interval(Duration.ofMillis(5))
                        .takeUntil(_ -> server.meter().read().openStreams() == 1))
                .thenConsumeWhile(_ -> true)
                .verifyComplete();
        call.dispose();

        StepVerifier.create(server.meter().clientCloses())
                .expectNextCount(1)
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void aSlowReaderLetsTheServersSocketFill() {
        int chunks = 40_000;
        server.script(Script.ECHO.texts(Collections.nCopies(chunks, "x".repeat(1_000))));

        StepVerifier.create(model.events(asking("hi")), 1)
                .expectNextCount(1)
                .then(this::awaitFullSocket)
                .then(() -> assertThat(tokensSent()).isLessThan(chunks / 2))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(chunks - 1)
                .expectNextCount(2)
                .verifyComplete();
    }

    @Test
    void aSlowReaderIsNoSilenceOfTheServer() {
        server.script(Script.saying("a", "b", "c"));
        var idle = Duration.ofMillis(100);
        model = model(ModelCalls.settings(server)
                .withTimeouts(new UpstreamSettings.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), idle)));

        StepVerifier.create(model.events(asking("hi")), 1)
                .expectNext(text("a"))
                .expectNoEvent(idle.multipliedBy(4))
                .thenRequest(Long.MAX_VALUE)
                .expectNext(text("b"), text("c"))
                .expectNextCount(2)
                .verifyComplete();
    }

    @Test
    void aWholeAnswerIsCompleteEvenIfItsMessageDoesNotEnd() {
        server.script(Script.saying("a").failing(new Failure.Unended()));

        StepVerifier.create(model.events(asking("hi")))
                .expectNext(text("a"), new ModelEvent.Used(new Usage(1, 1)), STOP)
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void nothingIsSentBeforeSubscription() {
        var events = model.events(asking("hi"));
        assertThat(server.meter().read().requests()).isZero();

        events.blockLast();
        events.blockLast();

        assertThat(server.meter().read().requests()).isEqualTo(2);
    }

    /** Until the server has not got rid of anything for a while. */
    private void awaitFullSocket() {
        Flux.interval(Duration.ofMillis(300))
                .map(_ -> tokensSent())
                .buffer(2, 1)
                .filter(readings -> readings.getFirst().equals(readings.getLast()))
                .blockFirst(Duration.ofSeconds(60));
    }

    private long tokensSent() {
        return server.meter().read().tokensSent();
    }

    private String answer(String question) {
        return answer(asking(question));
    }

    private String answer(ModelCall call) {
        return model.events(call)
                .ofType(ModelEvent.Text.class)
                .map(ModelEvent.Text::text)
                .collect(Collectors.joining())
                .block();
    }

    private static ChatCompletionsModel model(UpstreamSettings settings) {
        return new ChatCompletionsModel(settings, Schedulers.parallel());
    }
}
