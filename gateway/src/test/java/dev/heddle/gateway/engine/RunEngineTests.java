package dev.heddle.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.ToolCalls.Known;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class RunEngineTests {
    private static final Usage EACH = new Usage(10, 3);

    @Test
    void aRunThatAsksForNothingIsOneModelCall() {
        var rig = new EngineRig(spec(ToolChoice.AUTO)).answers(text("Sunny."));

        var events = rig.says();

        assertThat(events.getLast()).isEqualTo(new RunEvent.Completed(EACH));
        assertThat(rig.asked).hasSize(1);
        assertThat(EngineRig.fold(events).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void theClientsCallsPauseTheRunAndItsOutputsLetItGoOn() {
        var rig = new EngineRig(spec(new ToolChoice.Required()))
                .answers(calls("weather", "time"))
                .answers(text("Sunny at noon."));

        var first = rig.says();
        var required = ((RunEvent.ActionRequired) first.getLast()).calls();
        rig.submit(required, 0, "42");
        var second = rig.says();

        assertThat(required).extracting(Item.FunctionCall::name).containsExactly("weather", "time");
        assertThat(EngineRig.fold(first).status()).isEqualTo(RunStatus.REQUIRES_ACTION);
        assertThat(second).first().isEqualTo(new RunEvent.ModelCallStarted(1));
        assertThat(second)
                .filteredOn(RunEvent.ItemOpened.class::isInstance)
                .extracting(event -> ((RunEvent.ItemOpened) event).outputIndex())
                .containsExactly(4);
        assertThat(second.getLast()).isEqualTo(new RunEvent.Completed(EACH.plus(EACH)));
        assertThat(rig.asked.get(1).context()).hasSize(4);
    }

    @Test
    void aModelMustAskForAToolInTheFirstCallOnly() {
        var rig = new EngineRig(spec(new ToolChoice.Named("weather")))
                .answers(calls("weather"))
                .answers(text("Sunny."));

        rig.submit(((RunEvent.ActionRequired) rig.says().getLast()).calls(), 0, "42");
        rig.says();

        assertThat(rig.asked)
                .extracting(call -> call.toolUse().choice())
                .containsExactly(new ToolChoice.Named("weather"), ToolChoice.AUTO);
    }

    @Test
    void theServersToolsAreCalledAtOnceAndToldInTheOrderOfTheCalls() {
        var slow = Sinks.<String>one();
        var rig = new EngineRig(spec(ToolChoice.AUTO))
                .answers(calls("weather", "time"))
                .answers(text("Sunny."));
        rig.tools.put("weather", slow.asMono());
        rig.tools.put("time", Mono.fromRunnable(() -> slow.tryEmitValue("sun")).thenReturn("noon"));

        var events = rig.says();

        assertThat(outputs(events)).containsExactly("sun", "noon");
        assertThat(events.getLast()).isEqualTo(new RunEvent.Completed(EACH.plus(EACH)));
        assertThat(rig.ledger.values()).containsExactlyInAnyOrder(new Known.Ended("sun"), new Known.Ended("noon"));
        assertThat(EngineRig.fold(events).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void onlyTheClientsCallsAreLeftToTheClient() {
        var rig = new EngineRig(spec(ToolChoice.AUTO)).answers(calls("weather", "time"));
        rig.tools.put("time", Mono.just("noon"));

        var events = rig.says();

        assertThat(outputs(events)).containsExactly("noon");
        assertThat(((RunEvent.ActionRequired) events.getLast()).calls())
                .extracting(Item.FunctionCall::name)
                .containsExactly("weather");
    }

    @Test
    void aToolThatTheRunDoesNotOfferIsNeverCalled() {
        var rig = new EngineRig(spec(ToolChoice.AUTO)).answers(calls("delete_everything"));
        rig.tools.put("delete_everything", Mono.just("done"));

        assertThat(rig.says().getLast()).isInstanceOf(RunEvent.ActionRequired.class);
        assertThat(rig.made).isEmpty();
    }

    @Test
    void anInterruptedCallIsMadeAgainOnlyWhereThatDoesNoHarm() {
        for (boolean idempotent : List.of(true, false)) {
            var rig = new EngineRig(spec(ToolChoice.AUTO))
                    .answers(calls("weather"))
                    .answers(text("Sunny."));
            rig.idempotent = idempotent;
            rig.tools.put("weather", Mono.never());
            rig.store(rig.work()
                    .takeUntil(RunEvent.ModelCallEnded.class::isInstance)
                    .collectList()
                    .block());
            var call = (Item.FunctionCall) rig.stored.getLast().item();
            rig.ledger.put(call.call(), new Known.Begun());
            rig.tools.put("weather", Mono.just("sun"));

            var events = rig.says();

            assertThat(events.getLast()).isInstanceOf(RunEvent.Completed.class);
            assertThat(rig.made).hasSize(idempotent ? 1 : 0);
            assertThat(outputs(events)).singleElement().asString().contains(idempotent ? "sun" : "not known");
        }
    }

    @Test
    void aCallWhoseOutputIsKnownIsNotMadeAgain() {
        var rig = new EngineRig(spec(ToolChoice.AUTO)).answers(calls("weather")).answers(text("Sunny."));
        rig.tools.put("weather", Mono.never());
        rig.store(rig.work()
                .takeUntil(RunEvent.ModelCallEnded.class::isInstance)
                .collectList()
                .block());
        var call = (Item.FunctionCall) rig.stored.getLast().item();
        rig.ledger.put(call.call(), new Known.Ended("sun"));

        assertThat(outputs(rig.says())).containsExactly("sun");
        assertThat(rig.made).isEmpty();
    }

    @Test
    void aWorkThatWasCutBehindAnyOfItsAnswersGoesOnBehindIt() {
        var script = List.of(calls("weather"), calls("time", "weather"), text("Sunny at noon."));
        var whole = rig(script).says();
        for (int cut = 0; cut < whole.size(); cut++) {
            if (!EngineRig.fold(whole.subList(0, cut)).mayContinue()) {
                continue;
            }
            var rig = rig(script);
            rig.store(rig.work().take(cut).collectList().block());
            var rest = continued(rig, script, whole.subList(0, cut));

            assertThat(rest.getLast()).isEqualTo(whole.getLast());
            assertThat(outputs(rig.stored.stream().map(item -> item.item()).toList()))
                    .hasSize(3);
        }
    }

    private static List<RunEvent> continued(EngineRig rig, List<ModelEvent[]> script, List<RunEvent> before) {
        long answered = before.stream()
                .filter(RunEvent.ModelCallEnded.class::isInstance)
                .count();
        rig.asked.clear();
        rig.answers.clear();
        script.subList((int) answered, script.size()).forEach(rig::answers);
        return rig.says();
    }

    private static EngineRig rig(List<ModelEvent[]> script) {
        var rig = new EngineRig(spec(ToolChoice.AUTO));
        script.forEach(rig::answers);
        rig.tools.put("weather", Mono.just("sun"));
        rig.tools.put("time", Mono.just("noon"));
        return rig;
    }

    @Test
    void aRunThatMayLeaveNothingOutShowsAllOfItHoweverMuch() {
        var limits = new ContextLimits(null, null, true);
        var much = "word ".repeat(2 * EngineRig.CONTEXT_TOKENS);
        var rig = new EngineRig(spec(ToolChoice.AUTO, ModelOptions.DEFAULTS, limits))
                .question(much)
                .answers(text("Long."));

        assertThat(rig.says().getLast()).isInstanceOf(RunEvent.Completed.class);
        assertThat(rig.asked.getFirst().context()).hasSize(2);
    }

    @Test
    void aRunThatHasSpentItsCompletionTokensIsIncomplete() {
        var options = ModelOptions.DEFAULTS.withMaxCompletionTokens(3);
        var rig = new EngineRig(spec(ToolChoice.AUTO, options, ContextLimits.NONE)).answers(calls("weather"));
        rig.tools.put("weather", Mono.just("sun"));

        assertThat(rig.says().getLast())
                .isEqualTo(new RunEvent.Incomplete(IncompleteReason.MAX_COMPLETION_TOKENS, EACH));
        assertThat(rig.asked).hasSize(1);
    }

    @Test
    void aLaterModelCallHasOnlyWhatIsLeftOfTheBudget() {
        var options = ModelOptions.DEFAULTS.withMaxCompletionTokens(500);
        var rig = new EngineRig(spec(ToolChoice.AUTO, options, ContextLimits.NONE))
                .answers(calls("weather"))
                .answers(text("Sunny."));
        rig.tools.put("weather", Mono.just("sun"));

        rig.says();

        assertThat(rig.asked)
                .extracting(call -> call.options().maxCompletionTokens())
                .containsExactly(500, 497);
    }

    @Test
    void aRunThatHasSpentItsPromptTokensIsIncomplete() {
        var rig = new EngineRig(spec(ToolChoice.AUTO, ModelOptions.DEFAULTS, new ContextLimits(10, null)))
                .answers(calls("weather"));
        rig.tools.put("weather", Mono.just("sun"));

        assertThat(rig.says().getLast()).isInstanceOf(RunEvent.Incomplete.class);
        assertThat(rig.asked).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aRunWhoseQuestionDoesNotFitItsBudgetNeverCallsTheModel() {
        var rig = new EngineRig(spec(ToolChoice.AUTO, ModelOptions.DEFAULTS, new ContextLimits(5, null)));

        assertThat(rig.says()).containsExactly(new RunEvent.Incomplete(IncompleteReason.MAX_PROMPT_TOKENS, Usage.NONE));
        assertThat(rig.asked).isEmpty();
    }

    @Test
    void onlyTheNewestMessagesAreShownWhereTheRunSaysSo() {
        var rig = new EngineRig(spec(ToolChoice.AUTO, ModelOptions.DEFAULTS, new ContextLimits(null, 1)))
                .question("And tomorrow?")
                .answers(text("Rain."));

        rig.says();

        assertThat(rig.asked.getFirst().context()).hasSize(1);
        assertThat(rig.asked.getFirst().context().getFirst().toString()).contains("And tomorrow?");
    }

    @Test
    void aModelThatNeverComesToAnEndIsStopped() {
        var rig = new EngineRig(spec(ToolChoice.AUTO));
        rig.tools.put("weather", Mono.just("sun"));
        for (int i = 0; i < 200; i++) {
            rig.answers(calls("weather"));
        }

        assertThat(rig.says().getLast()).isInstanceOf(RunEvent.Failed.class);
        assertThat(rig.asked).hasSize(128);
    }

    @Test
    void anAnswerThatIsCutShortEndsTheRunAndNothingIsCalled() {
        var rig = new EngineRig(spec(ToolChoice.AUTO))
                .answers(
                        new ModelEvent.CallBegun(0, "weather"),
                        new ModelEvent.Arguments(0, "{\"ci"),
                        new ModelEvent.Used(EACH),
                        new ModelEvent.Finished(FinishReason.MAX_TOKENS));
        rig.tools.put("weather", Mono.just("sun"));

        assertThat(rig.says().getLast())
                .isEqualTo(new RunEvent.Incomplete(IncompleteReason.MAX_COMPLETION_TOKENS, EACH));
        assertThat(rig.made).isEmpty();
    }

    @Test
    void aToolThatIsOnlyNamedIsDefinedByTheServer() {
        var rig = new EngineRig(spec(ToolChoice.AUTO)).answers(text("Sunny."));
        rig.tools.put("weather", Mono.just("sun"));

        rig.says();

        assertThat(rig.asked.getFirst().toolUse().tools())
                .extracting(FunctionTool::description)
                .containsExactly("of the server", null);
    }

    private static RunSpec spec(ToolChoice choice) {
        return spec(choice, ModelOptions.DEFAULTS, ContextLimits.NONE);
    }

    private static RunSpec spec(ToolChoice choice, ModelOptions options, ContextLimits limits) {
        var tools = Stream.of("weather", "time")
                .map(name -> new FunctionTool(name, null, null, null))
                .toList();
        return new RunSpec(null, "any", "", options, new ToolUse(tools, choice, true), limits);
    }

    private static ModelEvent[] text(String text) {
        return new ModelEvent[] {
            new ModelEvent.Text(text), new ModelEvent.Used(EACH), new ModelEvent.Finished(FinishReason.STOP)
        };
    }

    private static ModelEvent[] calls(String... functions) {
        Flux<ModelEvent> events = Flux.range(0, functions.length)
                .concatMapIterable(
                        i -> List.of(new ModelEvent.CallBegun(i, functions[i]), new ModelEvent.Arguments(i, "{}")));
        return events.concatWithValues(new ModelEvent.Used(EACH), new ModelEvent.Finished(FinishReason.TOOL_CALLS))
                .collectList()
                .block()
                .toArray(ModelEvent[]::new);
    }

    private static List<String> outputs(List<?> events) {
        return events.stream()
                .map(event -> event instanceof RunEvent.ItemClosed closed ? closed.end() : event)
                .filter(Item.FunctionCallOutput.class::isInstance)
                .map(output -> ((Item.FunctionCallOutput) output).output())
                .toList();
    }
}
