package dev.heddle.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.ContextMessage;
import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.ToolUse;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

/** What a model says of its reasoning, from the socket on. */
@Timeout(60)
class ModelReasoningTests {
    private final ScriptedModelServer server = ScriptedModelServer.start();
    private final ChatCompletionsModel model =
            new ChatCompletionsModel(ModelCalls.settings(server), Schedulers.parallel());

    @AfterEach
    void closeAll() {
        model.dispose();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasoning_content", "reasoning", "both"})
    void reasoningTextsAndCallsComeInTheOrderOfTheModel(String shape) {
        var events = events(reasoning("Well? [[reasoning=\"Hm. Well.\" text=So. reasoning=No. call=f({}) call=g({})"
                + " text=\"And so.\" call=f({}) cached_tokens=3 reasoning_shape=" + shape + "]]"));

        assertThat(events.stream().filter(ModelReasoningTests::isSaid))
                .containsExactly(
                        new ModelEvent.Reasoning("Hm."),
                        new ModelEvent.Reasoning(" Well."),
                        new ModelEvent.Text("So."),
                        new ModelEvent.Reasoning("No."),
                        new ModelEvent.CallBegun(0, "f"),
                        new ModelEvent.CallBegun(1, "g"),
                        new ModelEvent.Text("And"),
                        new ModelEvent.Text(" so."),
                        new ModelEvent.CallBegun(2, "f"));
        assertThat(events)
                .endsWith(
                        new ModelEvent.Used(new Usage(1, 12, 3, 3)), new ModelEvent.Finished(FinishReason.TOOL_CALLS));
    }

    @Test
    void reasoningThatIsNotWantedIsPassedOver() {
        assertThat(events(ModelCalls.asking("Well? [[reasoning=Hm. text=So.]]")))
                .containsExactly(
                        new ModelEvent.Text("So."),
                        new ModelEvent.Used(new Usage(1, 2, 0, 1)),
                        new ModelEvent.Finished(FinishReason.STOP));
    }

    /** Nobody has seen anything of it, so the call is made again, as it is when nothing at all has come. */
    @Test
    void anAnswerThatBreaksOffInReasoningIsBegunAgainOnlyWhereThatWasNotTold() {
        var question = "Well? [[reasoning=\"Hm. Well.\" text=So. fail=drop@1 failures=1]]";

        assertThat(events(ModelCalls.asking(question))).contains(new ModelEvent.Text("So."));
        assertThat(server.prompts()).hasSize(2);
        assertThat(model.events(reasoning(question.replace("Well?", "Again?")))
                        .onErrorComplete()
                        .collectList()
                        .block())
                .containsExactly(new ModelEvent.Reasoning("Hm."));
        assertThat(server.prompts()).hasSize(3);
    }

    @Test
    void theModelTellsWhatItSaw() {
        var call = new Item.FunctionCall(new CallId("call_1"), "f", "{\"a\":1}");
        var events = events(ModelCalls.call(
                ToolUse.NONE,
                ModelCalls.said(Role.DEVELOPER, "Be kind."),
                ModelCalls.said(Role.USER, "Well? [[saw]]"),
                new ContextMessage.Called(List.of(), List.of(call)),
                new ContextMessage.Answered(new Item.FunctionCallOutput(call.call(), "sun")),
                ModelCalls.said(Role.ASSISTANT, "Sunny."),
                ModelCalls.said(Role.USER, "And now? [[saw]]")));

        var said = events.stream()
                .filter(ModelEvent.Text.class::isInstance)
                .map(event -> ((ModelEvent.Text) event).text())
                .collect(Collectors.joining());
        assertThat(said)
                .isEqualTo("Saw: system: Be kind. | user: Well? | assistant: f({\"a\":1}) | tool: sun"
                        + " | assistant: Sunny. | user: And now?");
    }

    private List<ModelEvent> events(ModelCall call) {
        return model.events(call).collectList().block();
    }

    private static ModelCall reasoning(String question) {
        var call = ModelCalls.offering(question, "f", "g");
        return new ModelCall(call.model(), "", call.context(), call.options(), call.toolUse(), true);
    }

    private static boolean isSaid(ModelEvent event) {
        return switch (event) {
            case ModelEvent.Text _, ModelEvent.Reasoning _, ModelEvent.CallBegun _ -> true;
            case ModelEvent.Arguments _, ModelEvent.Used _, ModelEvent.Finished _ -> false;
        };
    }
}
