package dev.heddle.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.ToolCalls;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import dev.heddle.streaming.run.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;

class ToolCallingTests {
    private static final FunctionTool A = new FunctionTool("a", null, null, null);
    private static final FunctionTool B = new FunctionTool("b", null, null, null);
    private static final FunctionTool C = new FunctionTool("c", null, null, null);
    private static final RunSpec OFFERED = new RunSpec(
            null,
            "m",
            "",
            ModelOptions.DEFAULTS,
            new ToolUse(List.of(A, B, C), ToolChoice.AUTO, true),
            ContextLimits.NONE);

    private final EngineRig rig = new EngineRig(OFFERED);
    private final ToolCalling calling = new ToolCalling(rig, rig);
    private final Map<String, Sinks.One<String>> unfinished = new HashMap<>();

    @Test
    void allAreCalledAtOnceAndToldInTheOrderOfTheCalls() {
        unfinished("a", "b", "c");
        var progress = asking("a", "b", "c");

        StepVerifier.create(calling.events(progress).ofType(RunEvent.ItemClosed.class))
                .expectSubscription()
                .then(() ->
                        assertThat(rig.made).extracting(ToolRunner.Call::tool).containsExactly("a", "b", "c"))
                .then(() -> finish("c"))
                .then(() -> finish("b"))
                .then(() -> assertThat(progress.unanswered()).hasSize(3))
                .then(() -> finish("a"))
                .assertNext(closed -> assertThat(closed.end()).isEqualTo(output(0, "output of a")))
                .assertNext(closed -> assertThat(closed.end()).isEqualTo(output(1, "output of b")))
                .assertNext(closed -> assertThat(closed.end()).isEqualTo(output(2, "output of c")))
                .verifyComplete();
        assertThat(progress.unanswered()).isEmpty();
        assertThat(progress.isOver()).isFalse();
    }

    @Test
    void sixteenAreUnderWayAtMost() {
        var finishing =
                IntStream.range(0, 20).mapToObj(_ -> Sinks.<String>one()).toList();
        var next = finishing.iterator();
        rig.tools.put("a", Mono.defer(() -> next.next().asMono()));

        StepVerifier.create(calling.events(
                        asking(Stream.generate(() -> "a").limit(20).toArray(String[]::new))))
                .expectSubscription()
                .then(() -> assertThat(rig.made).hasSize(16))
                .then(() -> finishing.getFirst().tryEmitValue("done").orThrow())
                .expectNextCount(2)
                .then(() -> assertThat(rig.made).hasSize(17))
                .then(() -> finishing.forEach(call -> call.tryEmitValue("done")))
                .expectNextCount(38)
                .verifyComplete();
    }

    @Test
    void aCallIsNotedBeforeItIsMadeAndItsOutputBeforeItIsTold() {
        rig.tools.put("a", Mono.just("output"));
        var begun = Sinks.<ToolCalls.Known>one();
        var ended = Sinks.<Void>empty();
        var slow = new ToolCalling(rig, new SlowLedger(begun.asMono(), ended.asMono()));
        var told = new ArrayList<RunEvent>();

        StepVerifier.create(slow.events(asking("a")).doOnNext(told::add))
                .expectSubscription()
                .then(() -> assertThat(rig.made).isEmpty())
                .then(() -> begun.tryEmitValue(new ToolCalls.Known.New()).orThrow())
                .then(() -> assertThat(rig.made).hasSize(1))
                .then(() -> assertThat(told).isEmpty())
                .then(() -> ended.tryEmitEmpty().orThrow())
                .expectNextCount(2)
                .verifyComplete();
    }

    static Stream<Arguments> known() {
        return Stream.of(
                arguments(new ToolCalls.Known.New(), false, true, "fresh"),
                arguments(new ToolCalls.Known.Begun(), true, true, "fresh"),
                arguments(new ToolCalls.Known.Begun(), false, false, "not known, so it was not made again"),
                arguments(new ToolCalls.Known.Ended("first"), true, false, "first"));
    }

    @ParameterizedTest
    @MethodSource("known")
    void theLedgerDecidesWhetherACallIsMade(ToolCalls.Known known, boolean idempotent, boolean made, String output) {
        rig.tools.put("a", Mono.just("fresh"));
        rig.idempotent = idempotent;
        rig.ledger.put(call(0, "a").call(), known);

        StepVerifier.create(calling.events(asking("a")).ofType(RunEvent.ItemClosed.class))
                .assertNext(closed -> assertThat(((Item.FunctionCallOutput) closed.end()).output())
                        .contains(output))
                .verifyComplete();

        assertThat(rig.made).hasSize(made ? 1 : 0);
    }

    @Test
    void theClientsCallsWaitForItInTheirOrderWhenTheServersAreAnswered() {
        rig.tools.put("b", Mono.just("output of b"));
        rig.tools.put("hidden", Mono.just("not offered by the run"));
        var progress = asking("c", "b", "hidden", "nobody", "a");

        List<RunEvent> events = calling.events(progress).collectList().block();

        assertThat(rig.made).extracting(ToolRunner.Call::tool).containsExactly("b");
        assertThat(events)
                .hasSize(3)
                .last()
                .isEqualTo(new RunEvent.ActionRequired(
                        List.of(call(0, "c"), call(2, "hidden"), call(3, "nobody"), call(4, "a"))));
        assertThat(progress.isOver()).isTrue();
    }

    @Test
    void cancellingGivesUpEveryCall() {
        var calls = List.of(PublisherProbe.of(Mono.<String>never()), PublisherProbe.of(Mono.<String>never()));
        rig.tools.put("a", calls.getFirst().mono());
        rig.tools.put("b", calls.getLast().mono());

        StepVerifier.create(calling.events(asking("a", "b")))
                .expectSubscription()
                .then(() -> assertThat(rig.made).hasSize(2))
                .thenCancel()
                .verify();

        calls.forEach(PublisherProbe::assertWasCancelled);
    }

    @Test
    void aToolThatIsOnlyNamedIsTheServersOfThatName() {
        rig.tools.put("a", Mono.just(""));
        var described = new FunctionTool("a", "the run's own", null, null);
        var typed = new FunctionTool("a", null, "{}", null);

        var offer = new ToolOffer(rig);
        assertThat(offer.definition(A)).isEqualTo(rig.find("a").orElseThrow().definition());
        assertThat(offer.definition(B)).isEqualTo(B);
        assertThat(offer.definition(described)).isEqualTo(described);
        assertThat(offer.definition(typed)).isEqualTo(typed);
    }

    private void unfinished(String... tools) {
        for (String tool : tools) {
            Sinks.One<String> output = Sinks.one();
            unfinished.put(tool, output);
            rig.tools.put(tool, output.asMono());
        }
    }

    private void finish(String tool) {
        unfinished.get(tool).tryEmitValue("output of " + tool).orThrow();
    }

    /** A run whose model has asked for these functions. */
    private RunProgress asking(String... functions) {
        for (int i = 0; i < functions.length; i++) {
            var call = call(i, functions[i]);
            var item = ItemId.fresh();
            rig.store(List.of(
                    new RunEvent.ItemOpened(i, item, 0, call),
                    new RunEvent.ItemClosed(i, item, ItemStatus.COMPLETED, call, Usage.NONE)));
        }
        return new RunProgress(rig.run, OFFERED, rig.stored, rig.stored);
    }

    private static Item.FunctionCall call(int i, String function) {
        return new Item.FunctionCall(new CallId("call_" + i), function, "{}");
    }

    private static Item.FunctionCallOutput output(int i, String output) {
        return new Item.FunctionCallOutput(new CallId("call_" + i), output);
    }

    /** Writes as soon as the test lets it. */
    private record SlowLedger(Mono<Known> begun, Mono<Void> ended) implements ToolCalls {
        @Override
        public Mono<Known> begin(RunKey run, CallId call, String tool) {
            return begun;
        }

        @Override
        public Mono<Void> end(RunKey run, CallId call, String output) {
            return ended;
        }
    }
}
