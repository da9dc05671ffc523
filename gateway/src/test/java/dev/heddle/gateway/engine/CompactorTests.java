package dev.heddle.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class CompactorTests {
    private static final Usage USAGE = new Usage(70, 5);

    private final EngineRig rig = new EngineRig(RunSpec.of(null, "any", "", ModelOptions.DEFAULTS));
    private final Compactor compactor = new Compactor(rig.parts());

    @Test
    void theModelSumsUpWhatIsStoredAndWhatIsBrought() {
        rig.answers(text("All "), text("is well."), new ModelEvent.Used(USAGE), finished(FinishReason.STOP));
        var call = new Item.FunctionCall(new CallId("call_1"), "weather", "{}");

        StepVerifier.create(compactor.compact(
                        "m",
                        "Be kind.",
                        rig.stored,
                        List.of(
                                Item.Message.of(Role.USER, "And now?"),
                                call,
                                new Item.FunctionCallOutput(call.call(), "sun"))))
                .expectNext(new Compactor.Compacted("All is well.", USAGE))
                .verifyComplete();

        var asked = rig.asked.getFirst();
        assertThat(asked.instructions()).isEqualTo("Be kind.");
        assertThat(asked.context()).hasSize(5);
        assertThat(asked.context().get(0).toString()).contains("What is the weather?");
        assertThat(asked.context().get(1).toString()).contains("And now?");
        assertThat(asked.context().get(2)).isEqualTo(new ContextMessage.Called(List.of(), List.of(call)));
        assertThat(asked.context().get(4).toString()).contains("Sum up");
    }

    @Test
    void whatTheModelHasNoRoomForIsLeftOut() {
        rig.answers(text("Much."), new ModelEvent.Used(USAGE), finished(FinishReason.STOP));
        var much = IntStream.range(0, 30)
                .<Item>mapToObj(i -> Item.Message.of(Role.USER, i + " " + "word ".repeat(1_000)))
                .toList();

        compactor.compact("m", "", rig.stored, much).block();

        assertThat(rig.asked.getFirst().context()).hasSizeBetween(8, 11);
        assertThat(rig.asked.getFirst().context().getLast().toString()).contains("Sum up");
    }

    static Stream<Flux<ModelEvent>> noSummaries() {
        return Stream.of(
                Flux.error(new ProblemException(new Problem.ModelFailed(RunFailure.serverError("gone")))),
                Flux.just(text("Half"), new ModelEvent.Used(USAGE), finished(FinishReason.MAX_TOKENS)),
                Flux.just(text("Half"), new ModelEvent.Used(USAGE), finished(FinishReason.CONTENT_FILTER)),
                Flux.just(text(" \n"), new ModelEvent.Used(USAGE), finished(FinishReason.STOP)),
                Flux.just(new ModelEvent.Reasoning("Hm"), new ModelEvent.Used(USAGE), finished(FinishReason.STOP)),
                Flux.range(0, 300).map(_ -> text("x".repeat(1_000))));
    }

    @ParameterizedTest
    @MethodSource("noSummaries")
    void whatIsNoWholeSummaryIsAFailureOfTheModel(Flux<ModelEvent> answer) {
        rig.answers.add(answer);

        StepVerifier.create(compactor.compact("m", "", rig.stored, List.of()))
                .verifyErrorSatisfies(error ->
                        assertThat(((ProblemException) error).problem()).isInstanceOf(Problem.ModelFailed.class));
    }

    private static ModelEvent text(String text) {
        return new ModelEvent.Text(text);
    }

    private static ModelEvent finished(FinishReason reason) {
        return new ModelEvent.Finished(reason);
    }
}
