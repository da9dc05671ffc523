package dev.heddle.gateway.model;

import static dev.heddle.gateway.model.ModelCalls.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.ContextMessage;
import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class DemoModelTests {
    private static final Duration PACE = Duration.ofMillis(40);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final DemoModel model = new DemoModel(time, PACE);

    @Test
    void oneWordComesWithEveryTickThenTheUsageThenTheEnd() {
        int words = DemoAnswer.to("What is a heddle?").words().size();

        StepVerifier.create(ask("What is a heddle?"))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(39)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .expectNext(new ModelEvent.Text("You"))
                .then(() -> time.advanceTimeBy(PACE))
                .expectNext(new ModelEvent.Text(" asked:"))
                .then(() -> time.advanceTimeBy(PACE.multipliedBy(words - 2)))
                .expectNextCount(words - 2)
                .expectNext(new ModelEvent.Used(new Usage(4, words)))
                .expectNext(new ModelEvent.Finished(ModelEvent.FinishReason.STOP))
                .verifyComplete();
    }

    @Test
    void aSlowReaderSlowsIt() {
        StepVerifier.create(ask("hello"), 1)
                .then(() -> time.advanceTimeBy(Duration.ofMinutes(1)))
                .expectNextCount(1)
                .then(() -> time.advanceTimeBy(Duration.ofMinutes(1)))
                .expectNoEvent(Duration.ZERO)
                .thenCancel()
                .verify();
    }

    @Test
    void differentQuestionsHaveDifferentAnswersAndTheSameQuestionTheSame() {
        assertThat(List.of(answer("What is a heddle?"), answer("What is a loom?"), answer("Why?")))
                .doesNotHaveDuplicates();
        assertThat(answer("Why?")).isEqualTo(answer("Why?"));
    }

    @Test
    void onlyTheLastMessageOfTheUserCounts() {
        var call = call(said(Role.USER, "first"), said(Role.USER, "second"), said(Role.ASSISTANT, "answer"));

        assertThat(answer(call)).isEqualTo(answer("second")).contains("“second”");
    }

    @Test
    void theAnswerRepeatsTheQuestionAndSaysWhoSpeaks() {
        assertThat(answer("What is a heddle?")).contains("“What is a heddle?”", "built-in demo model");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "hi",
                "Hello there!",
                "how",
                "why not",
                "What is a heddle?",
                "1 2 3 4 5 6 7 8",
                "1 2 3 4 5 6 7 8 9",
                "please explain the whole history of weaving in as many words as it may take",
                "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
                "🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵",
                "tell me\nthen\tshow me",
                "Zzz",
                "compare tea with coffee",
                "list ten rivers",
                "translate this"
            })
    void anyAnswerHas25To40Words(String question) {
        var words = answer(question).split(" ", -1);

        assertThat(words).hasSizeBetween(25, 40).doesNotContain("").allMatch(word -> word.length() < 60);
    }

    @Test
    void whatFunctionsGaveIsReadButNoneIsAskedFor() {
        var call = CallId.fresh();
        var context = new ContextMessage[] {
            said(Role.USER, "How warm?"),
            new ContextMessage.Called(List.of(), List.of(new Item.FunctionCall(call, "weather", "{}"))),
            new ContextMessage.Answered(new Item.FunctionCallOutput(call, "18 degrees"))
        };
        var weather = new FunctionTool("weather", null, null, null);
        var toolUse = new ToolUse(List.of(weather), new ToolChoice.Required(), true);

        StepVerifier.create(new DemoModel(Schedulers.parallel(), Duration.ZERO)
                        .events(ModelCalls.call(toolUse, context))
                        .skipWhile(ModelEvent.Text.class::isInstance))
                .expectNextMatches(used -> ((ModelEvent.Used) used).usage().promptTokens() == 4)
                .expectNext(new ModelEvent.Finished(ModelEvent.FinishReason.STOP))
                .verifyComplete();
    }

    @Test
    void aPictureIsNoQuestion() {
        var picture = new ContextMessage.Said(new Item.Message(
                Role.USER, List.of(new Content.ImageUrl("https://example.com/a.png", Content.Detail.AUTO))));

        assertThat(answer(call(picture))).startsWith("You have not asked anything yet.");
    }

    private Flux<ModelEvent> ask(String question) {
        return model.events(call(said(Role.USER, question)));
    }

    private String answer(String question) {
        return answer(call(said(Role.USER, question)));
    }

    private String answer(ModelCall call) {
        return new DemoModel(Schedulers.parallel(), Duration.ZERO)
                .events(call)
                .ofType(ModelEvent.Text.class)
                .map(ModelEvent.Text::text)
                .collect(Collectors.joining())
                .block();
    }

    private static ModelCall call(ContextMessage... context) {
        return ModelCalls.call(ToolUse.NONE, context);
    }
}
