package dev.heddle.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.persistence.Conduct;
import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the engine does for a response and for no run that pauses. */
class ResponseRunTests {
    private static final Usage EACH = new Usage(10, 3);

    @Test
    void aRunThatEndsAtCallsLeavesThoseOfItsClientAndIsComplete() {
        var rig = new EngineRig(responding(ToolChoice.AUTO, null)).answers(calls("weather", "time"));
        rig.tools.put("time", Mono.just("noon"));

        var events = rig.says();

        assertThat(outputs(events)).containsExactly("noon");
        assertThat(events.getLast()).isEqualTo(new RunEvent.Completed(EACH));
        assertThat(rig.asked).hasSize(1);
    }

    @Test
    void aRunThatEndsAtCallsEndsWhereverItsWorkWasCut() {
        var script = List.of(calls("time"), everything());
        var whole = responding(script).says();
        assertThat(whole.getLast()).isEqualTo(new RunEvent.Completed(EACH.plus(EACH)));
        var continued = 0;
        for (int cut = 0; cut < whole.size(); cut++) {
            if (EngineRig.fold(whole.subList(0, cut)).mayContinue()) {
                var rig = responding(script);
                rig.store(rig.work().take(cut).collectList().block());

                assertThat(continued(rig, script, whole.subList(0, cut)).getLast())
                        .isEqualTo(whole.getLast());
                assertThat(rig.outputs(rig.run).block())
                        .extracting(item -> item.position().index())
                        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
                continued++;
            }
        }
        assertThat(continued).isGreaterThanOrEqualTo(7);
    }

    /** Reasoning, a text, a call of the server's, one of the client's, and a text behind them. */
    private static ModelEvent[] everything() {
        return new ModelEvent[] {
            new ModelEvent.Reasoning("Hm."),
            new ModelEvent.Text("Let me see."),
            new ModelEvent.CallBegun(0, "time"),
            new ModelEvent.Text("Wait."),
            new ModelEvent.CallBegun(1, "weather"),
            new ModelEvent.Used(EACH),
            new ModelEvent.Finished(FinishReason.TOOL_CALLS)
        };
    }

    private static EngineRig responding(List<ModelEvent[]> script) {
        var rig = new EngineRig(responding(ToolChoice.AUTO, null));
        script.forEach(rig::answers);
        rig.tools.put("time", Mono.just("noon"));
        return rig;
    }

    @Test
    void aModelThatOnlyReasonedHasSaidItsLastWord() {
        for (FinishReason reason : List.of(FinishReason.STOP, FinishReason.MAX_TOKENS)) {
            var rig = new EngineRig(responding(ToolChoice.AUTO, null))
                    .answers(
                            new ModelEvent.Reasoning("Hm."),
                            new ModelEvent.Used(EACH),
                            new ModelEvent.Finished(reason));
            rig.store(rig.work()
                    .takeUntil(RunEvent.ModelCallEnded.class::isInstance)
                    .collectList()
                    .block());

            assertThat(rig.says())
                    .containsExactly(
                            reason == FinishReason.STOP
                                    ? new RunEvent.Completed(EACH)
                                    : new RunEvent.Incomplete(IncompleteReason.MAX_COMPLETION_TOKENS, EACH));
            assertThat(rig.asked).hasSize(1);
        }
    }

    @Test
    void aRunThatOnlyPreparesNeverCallsTheModel() {
        var spec = responding(ToolChoice.AUTO, null);
        var rig = new EngineRig(new RunSpec(
                null, spec.model(), "", spec.options(), spec.toolUse(), ContextLimits.NONE, Conduct.PREPARING, null));

        assertThat(rig.says()).containsExactly(new RunEvent.Completed(Usage.NONE));
        assertThat(rig.asked).isEmpty();
    }

    @Test
    void theServersToolsAreCalledUpToTheLimitAndOfferedNoMore() {
        var rig = new EngineRig(responding(ToolChoice.AUTO, 2))
                .answers(calls("time"))
                .answers(calls("time", "time"))
                .answers(calls("time"))
                .answers(text("Noon."));
        rig.tools.put("time", Mono.just("noon"));

        var events = rig.says();

        assertThat(rig.made).hasSize(2);
        assertThat(outputs(events)).hasSize(4).startsWith("noon", "noon");
        assertThat(outputs(events).subList(2, 4)).allMatch(output -> output.contains("reached its limit"));
        assertThat(rig.asked)
                .extracting(call -> names(call.toolUse()))
                .containsExactly(
                        List.of("weather", "time"), List.of("weather", "time"), List.of("weather"), List.of("weather"));
        assertThat(events.getLast()).isInstanceOf(RunEvent.Completed.class);
    }

    @Test
    void theLimitCountsWhatWasCalledBeforeTheWorkWasCut() {
        var rig = new EngineRig(responding(ToolChoice.AUTO, 1))
                .answers(calls("time", "time"))
                .answers(text("Noon."));
        rig.tools.put("time", Mono.just("noon"));
        rig.store(rig.work()
                .takeUntil(event ->
                        event instanceof RunEvent.ItemClosed closed && closed.end() instanceof Item.FunctionCallOutput)
                .collectList()
                .block());

        assertThat(outputs(rig.says())).singleElement().asString().contains("reached its limit");
        assertThat(rig.made).hasSize(1);
    }

    @Test
    void onlyAllowedToolsAreOfferedAndCalledAndAModelThatWantsAnotherFails() {
        var rig = new EngineRig(responding(new ToolChoice.Allowed(List.of("time"), true), null))
                .answers(calls("time"))
                .answers(calls("weather"));
        rig.tools.put("time", Mono.just("noon"));
        rig.tools.put("weather", Mono.just("sun"));

        assertThatThrownBy(rig::says).isInstanceOf(ProblemException.class).hasMessageContaining("'weather'");

        assertThat(rig.made).extracting(ToolRunner.Call::tool).containsExactly("time");
        assertThat(rig.asked).extracting(call -> names(call.toolUse())).containsOnly(List.of("time"));
        assertThat(rig.asked)
                .extracting(call -> ((ToolChoice.Allowed) call.toolUse().choice()).required())
                .containsExactly(true, false);
    }

    @Test
    void aFunctionThatIsNotOfferedAnyMoreNeedNotBeCalled() {
        var rig = new EngineRig(responding(new ToolChoice.Named("time"), 0)).answers(text("No idea."));
        rig.tools.put("time", Mono.just("noon"));

        rig.says();

        assertThat(rig.asked.getFirst().toolUse().choice()).isEqualTo(ToolChoice.AUTO);
    }

    private static List<String> names(ToolUse use) {
        return use.tools().stream().map(FunctionTool::name).toList();
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

    /** As a response is. */
    private static RunSpec responding(ToolChoice choice, @Nullable Integer maxServerCalls) {
        var tools = Stream.of("weather", "time")
                .map(name -> new FunctionTool(name, null, null, null))
                .toList();
        return new RunSpec(
                null,
                "any",
                "",
                ModelOptions.DEFAULTS,
                new ToolUse(tools, choice, true, maxServerCalls),
                ContextLimits.NONE,
                Conduct.ENDING,
                null);
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
