package dev.heddle.gateway.model;

import static dev.heddle.gateway.model.ModelCalls.failure;
import static dev.heddle.gateway.model.ModelCalls.offering;
import static dev.heddle.gateway.model.ModelCalls.said;
import static dev.heddle.gateway.model.ModelCalls.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.ContextMessage;
import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.gateway.testing.Failure;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A model that asks for functions, over a real connection. */
@Timeout(60)
class ModelCallsFunctionsTests {
    private static final String GREETING = "{\"text\":\"grüße 🧵 €\"}";
    private static final ScriptedModelServer server = ScriptedModelServer.start();
    private static final ChatCompletionsModel model =
            new ChatCompletionsModel(ModelCalls.settings(server), Schedulers.parallel());

    /** Makes every call once only. */
    private static final ChatCompletionsModel once = new ChatCompletionsModel(
            ModelCalls.settings(server)
                    .withRetries(new UpstreamSettings.Retries(1, Duration.ZERO, Duration.ZERO, Duration.ZERO)),
            Schedulers.parallel());

    @AfterAll
    static void closeAll() {
        once.dispose();
        model.dispose();
        server.close();
    }

    @BeforeEach
    void noScript() {
        server.script(Script.ECHO);
    }

    @Test
    void textThenCallsThenTheEnd() {
        var question = "Well? [[text=\"I look.\" call=weather({\"a\": 1}) call=time() chars_per_fragment=5]]";

        StepVerifier.create(model.events(offering(question, "weather", "time")))
                .expectNext(text("I"), text(" look."))
                .expectNext(new ModelEvent.CallBegun(0, "weather"))
                .expectNext(new ModelEvent.Arguments(0, "{\"a\":"), new ModelEvent.Arguments(0, " 1}"))
                .expectNext(new ModelEvent.CallBegun(1, "time"))
                .expectNextMatches(ModelEvent.Used.class::isInstance)
                .expectNext(new ModelEvent.Finished(FinishReason.TOOL_CALLS))
                .verifyComplete();
    }

    @ParameterizedTest
    @EnumSource(Script.CallShape.class)
    void callsSurviveAnyShapeAndAnyCut(Script.CallShape shape) {
        for (int chars : List.of(1, 3, 100)) {
            for (int bytes : List.of(1, 7, 10_000)) {
                server.script(Script.calling("greet", GREETING)
                        .call("time", "{}")
                        .call("greet", "{}")
                        .callShape(shape)
                        .charsPerFragment(chars)
                        .bytesPerWrite(bytes));

                assertThat(calls(events(offering("hi", "greet", "time"))))
                        .as("%d characters, %d bytes", chars, bytes)
                        .containsExactly("greet " + GREETING, "time {}", "greet {}");
            }
        }
    }

    @Test
    void outputsReachTheModel() {
        var call = new Item.FunctionCall(new CallId("call_x"), "weather", "{\"city\":\"Paris\"}");
        var request = ModelCalls.call(
                offering("", "weather").toolUse(),
                said(Role.USER, "Well? [[call=weather()]]"),
                new ContextMessage.Called(List.of(new Content.Text("I look.")), List.of(call)),
                new ContextMessage.Answered(new Item.FunctionCallOutput(call.call(), "18 degrees")));

        assertThat(texts(events(request))).isEqualTo("Outputs: weather=18 degrees");
        assertThat(server.violations()).isEmpty();
    }

    /** What came before the cut is told, nothing is made up, and only a whole stream is an answer. */
    @ParameterizedTest
    @Timeout(180)
    @CsvSource({
        "reset, broke off",
        "drop, broke off",
        "end, ended its answer before it was complete",
        "error, reported an error|can not be understood"
    })
    void anAnswerWithCallsMayBeCutAtAnyByte(String failure, String words) {
        server.script(
                Script.saying("Hm").call("greet", GREETING).charsPerFragment(20).usage(Script.UsageShape.NONE));
        var whole = events(offering("hi", "greet"));
        int length = (int) server.lengthOf(server.prompts().getLast()) - "\n\n".length();

        // Several at once, each for itself; in order, so that the first and the last are known.
        var cuts = Flux.range(0, length)
                .flatMapSequential(bytes -> cut("hi [[fail=" + failure + "-at-byte@" + bytes + "]]"), 16)
                .collectList()
                .block();

        assertThat(cuts).hasSize(length).allSatisfy(cut -> {
            assertThat(cut.failure().message()).containsPattern(words);
            assertThat(cut.events()).isEqualTo(whole.subList(0, cut.events().size()));
        });
        assertThat(cuts.getFirst().events()).isEmpty();
        assertThat(cuts.getLast().events()).hasSize(whole.size() - 2);
    }

    @Test
    void onlyAllTheBytesAreAnAnswer() {
        var script = Script.saying("Hm").call("greet", GREETING);
        server.script(script);
        var whole = events(offering("hi", "greet"));
        long length = server.lengthOf(server.prompts().getLast());

        server.script(script.failing(Failure.parse("end-at-byte@" + length)));

        assertThat(events(offering("hi", "greet"))).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset@1", "drop@2", "end@3", "error@3", "reset@1000"})
    void anAnswerThatHasAskedForAFunctionIsNeverAskedForAgain(String failure) {
        server.script(Script.calling("greet", GREETING)
                .failing(Failure.parse(failure))
                .failures(1));
        long before = server.meter().read().requests();

        StepVerifier.create(model.events(offering("hi", "greet")).take(1).concatWith(Mono.never()))
                .expectNext(new ModelEvent.CallBegun(0, "greet"))
                .thenCancel()
                .verify();
        StepVerifier.create(
                        model.events(offering("ho", "greet")).skipWhile(event -> !(event instanceof ModelEvent.Used)))
                .verifyError();

        assertThat(server.meter().read().requests()).isEqualTo(before + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset@0", "drop@0", "status@503"})
    void anAnswerThatHasNotIsAskedForAgain(String failure) {
        server.script(Script.calling("greet", GREETING)
                .failing(Failure.parse(failure))
                .failures(2));

        assertThat(calls(events(offering("hi", "greet")))).containsExactly("greet " + GREETING);
    }

    @Test
    void callsThatArriveTogetherWithTheFailureAreKeptForASlowReader() {
        server.script(Script.calling("f", "{}").chunksPerWrite(100).failing(new Failure.ErrorChunk(2)));

        StepVerifier.create(model.events(offering("hi", "f")), 1)
                .expectNext(new ModelEvent.CallBegun(0, "f"))
                .thenRequest(1)
                .expectNext(new ModelEvent.Arguments(0, "{}"))
                .verifyErrorSatisfies(
                        error -> assertThat(failure(error).message()).contains("scripted failure"));
    }

    private record Cut(List<ModelEvent> events, RunFailure failure) {}

    private static Mono<Cut> cut(String question) {
        return Mono.defer(() -> {
            var events = new ArrayList<ModelEvent>();
            return once.events(offering(question, "greet"))
                    .doOnNext(events::add)
                    .then(Mono.<Cut>error(() -> new AssertionError(question + " is complete after " + events)))
                    .onErrorResume(ProblemException.class, error -> Mono.just(new Cut(events, failure(error))));
        });
    }

    private static List<ModelEvent> events(ModelCall call) {
        return model.events(call).collectList().block();
    }

    private static String texts(List<ModelEvent> events) {
        return events.stream()
                .filter(ModelEvent.Text.class::isInstance)
                .map(event -> ((ModelEvent.Text) event).text())
                .collect(Collectors.joining());
    }

    /** Name and arguments of each call, in the order in which they began. */
    private static List<String> calls(List<ModelEvent> events) {
        var calls = new ArrayList<String>();
        for (var event : events) {
            if (event instanceof ModelEvent.CallBegun(int call, String function)) {
                calls.add(call, function + " ");
            } else if (event instanceof ModelEvent.Arguments(int call, String piece)) {
                calls.set(call, calls.get(call) + piece);
            }
        }
        return calls;
    }
}
