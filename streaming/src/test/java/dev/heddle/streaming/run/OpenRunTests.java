package dev.heddle.streaming.run;

import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.asks;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenRunTests {
    private static final RunFailure FAILURE = RunFailure.serverError("no");

    private final ItemId item = ItemId.fresh();

    @Test
    void aWholeLifeIsCountedAndEnded() {
        OpenRun run = fold(life("a", "b"));

        assertThat(run.size()).isEqualTo(life("a", "b").length);
        assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aRunThatHasSaidNothingFailsWithoutAnItem() {
        assertThat(fold(admitted(), started()).ending(FAILURE))
                .containsExactly(new RunEvent.Failed(FAILURE, Usage.NONE));
    }

    @Test
    void anOpenItemIsClosedWithTheTextItHas() {
        assertThat(fold(admitted(), started(), opened(item), said(item, "Hal"), said(item, "lo"))
                        .ending(FAILURE))
                .containsExactly(cut(ItemStatus.RUN_FAILED, "Hallo"), new RunEvent.Failed(FAILURE, Usage.NONE));
    }

    @Test
    void anOpenItemWithoutTextIsClosedAsItBegan() {
        assertThat(fold(admitted(), started(), opened(item)).ending(FAILURE))
                .containsExactly(
                        new RunEvent.ItemClosed(
                                0,
                                item,
                                ItemStatus.RUN_FAILED,
                                new Item.Message(Role.ASSISTANT, List.of()),
                                Usage.NONE),
                        new RunEvent.Failed(FAILURE, Usage.NONE));
    }

    @Test
    void aClosedItemIsNotClosedAgain() {
        assertThat(fold(admitted(), started(), opened(item), closed(item, "")).ending(FAILURE))
                .containsExactly(new RunEvent.Failed(FAILURE, Usage.NONE));
    }

    @Test
    void theTextOfAnEarlierItemIsNotMixedIn() {
        var second = ItemId.fresh();
        RunEvent[] events = {
            admitted(), started(), opened(item), said(item, "one"), closed(item, "one"), opened(1, second)
        };

        assertThat(fold(events)
                        .add(new RunEvent.TextAppended(1, second, "two"))
                        .ending(FAILURE)
                        .getFirst())
                .isEqualTo(new RunEvent.ItemClosed(
                        1, second, ItemStatus.RUN_FAILED, Item.Message.of(Role.ASSISTANT, "two"), Usage.NONE));
    }

    @Test
    void aStoppedRunEndsAsItsCauseSays() {
        assertThat(stopped(StopCause.CLIENT)).isEqualTo(new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));
        assertThat(stopped(StopCause.LATER_RUN)).isEqualTo(new RunEvent.Cancelled(StopCause.LATER_RUN, Usage.NONE));
        assertThat(stopped(StopCause.EXPIRY)).isEqualTo(new RunEvent.Expired(Usage.NONE));
    }

    @Test
    void anItemIsCutAsItsRunEnds() {
        RunEvent stop = new RunEvent.StopRequested(StopCause.CLIENT);
        RunEvent expiry = new RunEvent.StopRequested(StopCause.EXPIRY);

        assertThat(fold(admitted(), started(), opened(item), said(item, "a"), stop)
                        .ending(FAILURE))
                .startsWith(cut(ItemStatus.RUN_CANCELLED, "a"));
        assertThat(fold(admitted(), started(), opened(item), said(item, "a"), expiry)
                        .ending(FAILURE))
                .startsWith(cut(ItemStatus.RUN_EXPIRED, "a"));
    }

    @Test
    void theEndCostsWhatAllModelCallsHaveCost() {
        RunEvent[] events = {
            admitted(),
            started(),
            new RunEvent.ModelCallEnded(0, new Usage(1, 2)),
            new RunEvent.ModelCallEnded(1, new Usage(10, 20))
        };

        assertThat(fold(events).ending(FAILURE)).containsExactly(new RunEvent.Failed(FAILURE, new Usage(11, 22)));
    }

    @Test
    void itemsThatAreOpenTogetherAreClosedInTheirOrderEachWithItsOwn() {
        var call = new Item.FunctionCall(CallId.fresh(), "weather", "");
        var other = new Item.FunctionCall(CallId.fresh(), "time", "");
        var first = ItemId.fresh();
        var second = ItemId.fresh();
        RunEvent[] events = {
            admitted(),
            started(),
            new RunEvent.ItemOpened(2, second, 0, other),
            opened(0, item),
            new RunEvent.ItemOpened(1, first, 0, call),
            new RunEvent.ArgumentsAppended(2, second, "{\"z"),
            new RunEvent.ArgumentsAppended(1, first, "{"),
            said(item, "Let me see"),
            new RunEvent.ArgumentsAppended(1, first, "}")
        };

        assertThat(fold(events).ending(FAILURE))
                .containsExactly(
                        cut(ItemStatus.RUN_FAILED, "Let me see"),
                        cut(1, first, new Item.FunctionCall(call.call(), "weather", "{}")),
                        cut(2, second, new Item.FunctionCall(other.call(), "time", "{\"z")),
                        new RunEvent.Failed(FAILURE, Usage.NONE));
    }

    @Test
    void anItemThatIsClosedAmongOpenOnesIsNotClosedAgain() {
        var call = new Item.FunctionCall(CallId.fresh(), "weather", "");
        var second = ItemId.fresh();

        assertThat(fold(
                                admitted(),
                                started(),
                                opened(item),
                                new RunEvent.ItemOpened(1, second, 0, call),
                                closed(item, ""))
                        .ending(FAILURE))
                .containsExactly(cut(1, second, call), new RunEvent.Failed(FAILURE, Usage.NONE));
    }

    @Test
    void anOutputThatIsOpenIsClosedAsItIs() {
        var output = new Item.FunctionCallOutput(CallId.fresh(), "half");

        assertThat(fold(admitted(), started(), new RunEvent.ItemOpened(1, item, 0, output))
                        .ending(FAILURE))
                .startsWith(cut(1, item, output));
    }

    @Test
    void reasoningThatIsOpenIsClosedWithWhatWasReasoned() {
        OpenRun run = fold(
                admitted(),
                started(),
                new RunEvent.ItemOpened(0, item, 0, new Item.Reasoning("")),
                new RunEvent.ReasoningAppended(0, item, "Let me "),
                new RunEvent.ReasoningAppended(0, item, "see"));

        assertThat(run.mayContinue()).isFalse();
        assertThat(run.ending(FAILURE)).startsWith(cut(0, item, new Item.Reasoning("Let me see")));
    }

    @Test
    void textOfAnItemThatIsNotOpenIsRefused() {
        OpenRun run = fold(admitted(), started(), opened(item), closed(item, ""));

        assertThatThrownBy(() -> run.add(said(item, "late"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> run.add(new RunEvent.ArgumentsAppended(0, item, "late")))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> run.add(new RunEvent.ReasoningAppended(0, item, "late")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRunMayGoOnExactlyWhereASecondAttemptContradictsNothing() {
        var events = new ArrayList<>(List.of(admitted(), started()));
        events.addAll(asks(0, 0, CallId.fresh()));
        events.addAll(List.of(new RunEvent.OutputsSubmitted(), new RunEvent.Resumed()));
        events.addAll(answer("a"));
        var run = new OpenRun();

        List<Boolean> mayContinue =
                events.stream().map(event -> run.add(event).mayContinue()).toList();

        assertThat(mayContinue)
                .containsExactly(
                        false, true, // Started
                        true, false, false, false, true, false, // ModelCallEnded, and then the pause
                        false, true, // Resumed
                        true, false, false, false, true, false);
    }

    @Test
    void outputsOfServerSideToolsContradictNothing() {
        var output = new Item.FunctionCallOutput(CallId.fresh(), "");
        var run = fold(admitted(), started(), new RunEvent.ModelCallStarted(0));

        run.add(new RunEvent.ItemOpened(0, item, 0, output));
        assertThat(run.mayContinue()).isFalse();
        run.add(new RunEvent.ItemClosed(0, item, ItemStatus.COMPLETED, output, Usage.NONE));
        assertThat(run.mayContinue()).isTrue();
    }

    @Test
    void aRunThatIsBeingStoppedDoesNotGoOn() {
        assertThat(fold(admitted(), started(), new RunEvent.StopRequested(StopCause.CLIENT))
                        .mayContinue())
                .isFalse();
    }

    @Test
    void everyEndingIsLegal() {
        var life = new ArrayList<>(List.of(admitted(), started()));
        life.addAll(asks(0, 0, CallId.fresh()));
        life.addAll(List.of(new RunEvent.OutputsSubmitted(), new RunEvent.Resumed(), opened(item), said(item, "a")));
        life.add(new RunEvent.StopRequested(StopCause.CLIENT));
        RunEvent[] events = life.toArray(RunEvent[]::new);
        for (int size = 0; size <= events.length; size++) {
            OpenRun run = fold(List.of(events).subList(0, size).toArray(RunEvent[]::new));
            run.ending(FAILURE).forEach(run::add);
            assertThat(run.status().isTerminal()).isTrue();
        }
    }

    @Test
    void nothingFollowsTheEnd() {
        OpenRun run = fold(life("a"));

        assertThatThrownBy(() -> run.add(completed())).isInstanceOf(IllegalStateException.class);
    }

    private RunEvent stopped(StopCause cause) {
        return fold(admitted(), new RunEvent.StopRequested(cause))
                .ending(FAILURE)
                .getLast();
    }

    private RunEvent cut(ItemStatus status, String text) {
        return new RunEvent.ItemClosed(0, item, status, Item.Message.of(Role.ASSISTANT, text), Usage.NONE);
    }

    private static RunEvent cut(int outputIndex, ItemId item, Item soFar) {
        return new RunEvent.ItemClosed(outputIndex, item, ItemStatus.RUN_FAILED, soFar, Usage.NONE);
    }

    private static OpenRun fold(RunEvent... events) {
        var run = new OpenRun();
        List.of(events).forEach(run::add);
        return run;
    }
}
