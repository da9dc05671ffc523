package dev.heddle.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.persistence.Conduct;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.OpenRun;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelTurnTests {
    private static final Usage USAGE = new Usage(7, 5);
    private static final ModelEvent USED = new ModelEvent.Used(USAGE);

    private final ModelTurn turn = new ModelTurn(2, 10, true, Conduct.PAUSING);

    @Test
    void aTextIsAMessageThatCostsTheCall() {
        var events = events(turn, text("Hel"), text("lo"), USED, finished(FinishReason.STOP));

        assertThat(kinds(events))
                .containsExactly(
                        "ItemOpened 10", "TextAppended 10", "TextAppended 10", "ItemClosed 10", "ModelCallEnded");
        assertThat(closed(events)).extracting(RunEvent.ItemClosed::usage).containsExactly(USAGE);
        assertThat(closed(events).getFirst().end()).isEqualTo(Item.Message.of(Role.ASSISTANT, "Hello"));
        assertThat(turn.calls()).isEmpty();
    }

    @Test
    void aMessageEndsBeforeTheFirstCallBeginsAndTheCallsCarryTheCost() {
        var events = events(
                turn,
                text("Let me see."),
                new ModelEvent.CallBegun(0, "weather"),
                new ModelEvent.Arguments(0, "{\"a\":"),
                new ModelEvent.CallBegun(1, "time"),
                new ModelEvent.Arguments(0, "1}"),
                new ModelEvent.Arguments(1, "{}"),
                USED,
                finished(FinishReason.TOOL_CALLS));

        assertThat(kinds(events))
                .containsExactly(
                        "ItemOpened 10",
                        "TextAppended 10",
                        "ItemClosed 10",
                        "ItemOpened 11",
                        "ArgumentsAppended 11",
                        "ItemOpened 12",
                        "ArgumentsAppended 11",
                        "ArgumentsAppended 12",
                        "ItemClosed 11",
                        "ItemClosed 12",
                        "ModelCallEnded");
        assertThat(closed(events))
                .extracting(RunEvent.ItemClosed::usage)
                .containsExactly(Usage.NONE, USAGE, Usage.NONE);
        assertThat(turn.calls()).extracting(Item.FunctionCall::name).containsExactly("weather", "time");
        assertThat(turn.calls()).extracting(Item.FunctionCall::arguments).containsExactly("{\"a\":1}", "{}");
        assertThat(turn.nextOutputIndex()).isEqualTo(13);
    }

    @Test
    void textBehindACallIsLeftOut() {
        var events = events(turn, new ModelEvent.CallBegun(0, "f"), text("\n"), USED, finished(FinishReason.STOP));

        assertThat(kinds(events)).containsExactly("ItemOpened 10", "ItemClosed 10", "ModelCallEnded");
        assertThat(turn.items()).singleElement().isInstanceOf(Item.FunctionCall.class);
    }

    @Test
    void textBehindACallIsAMessageBehindItWhereTheRunEndsAtCalls() {
        var ending = new ModelTurn(0, 0, true, Conduct.ENDING);
        var events = events(
                ending,
                text("Let me see."),
                new ModelEvent.CallBegun(0, "f"),
                text("\n"),
                text("And"),
                text(" then"),
                new ModelEvent.CallBegun(1, "g"),
                new ModelEvent.Arguments(0, "{}"),
                USED,
                finished(FinishReason.TOOL_CALLS));

        assertThat(kinds(events))
                .containsExactly(
                        "ItemOpened 0",
                        "TextAppended 0",
                        "ItemClosed 0",
                        "ItemOpened 1",
                        "ItemOpened 2",
                        "TextAppended 2",
                        "TextAppended 2",
                        "ItemClosed 2",
                        "ItemOpened 3",
                        "ArgumentsAppended 1",
                        "ItemClosed 1",
                        "ItemClosed 3",
                        "ModelCallEnded");
        assertThat(closed(events))
                .extracting(RunEvent.ItemClosed::usage)
                .containsExactly(Usage.NONE, Usage.NONE, USAGE, Usage.NONE);
        assertThat(ending.items())
                .extracting(Item::kind)
                .containsExactly(
                        Item.Kind.MESSAGE, Item.Kind.FUNCTION_CALL, Item.Kind.MESSAGE, Item.Kind.FUNCTION_CALL);
        assertThat(ending.items().get(2)).isEqualTo(Item.Message.of(Role.ASSISTANT, "And then"));
        assertThat(ending.calls()).extracting(Item.FunctionCall::name).containsExactly("f", "g");
    }

    @Test
    void whatIsLastAndCutShortIsMarkedAsSuchTogetherWithTheCallsInFrontOfIt() {
        var ending = new ModelTurn(0, 0, true, Conduct.ENDING);
        var events = events(
                ending, new ModelEvent.CallBegun(0, "f"), text("And th"), USED, finished(FinishReason.MAX_TOKENS));

        assertThat(kinds(events))
                .containsExactly(
                        "ItemOpened 0",
                        "ItemOpened 1",
                        "TextAppended 1",
                        "ItemClosed 0",
                        "ItemClosed 1",
                        "ModelCallEnded");
        assertThat(closed(events)).extracting(RunEvent.ItemClosed::status).containsOnly(ItemStatus.MAX_TOKENS);
    }

    @Test
    void everyStretchOfReasoningIsAnItemThatEndsBeforeWhatFollows() {
        var ending = new ModelTurn(0, 0, true, Conduct.ENDING);
        var events = events(
                ending,
                reasoning("Hm"),
                reasoning("."),
                text("Sunny?"),
                reasoning("No."),
                new ModelEvent.CallBegun(0, "f"),
                USED,
                finished(FinishReason.TOOL_CALLS));

        assertThat(kinds(events))
                .containsExactly(
                        "ItemOpened 0",
                        "ReasoningAppended 0",
                        "ReasoningAppended 0",
                        "ItemClosed 0",
                        "ItemOpened 1",
                        "TextAppended 1",
                        "ItemClosed 1",
                        "ItemOpened 2",
                        "ReasoningAppended 2",
                        "ItemClosed 2",
                        "ItemOpened 3",
                        "ItemClosed 3",
                        "ModelCallEnded");
        assertThat(closed(events))
                .extracting(RunEvent.ItemClosed::end)
                .startsWith(
                        new Item.Reasoning("Hm."),
                        Item.Message.of(Role.ASSISTANT, "Sunny?"),
                        new Item.Reasoning("No."));
        assertThat(closed(events))
                .extracting(RunEvent.ItemClosed::usage)
                .containsExactly(Usage.NONE, Usage.NONE, Usage.NONE, USAGE);
    }

    @Test
    void reasoningThatWasCutShortSaysSoAndCostsTheCall() {
        var ending = new ModelTurn(0, 0, true, Conduct.ENDING);
        var events = events(ending, reasoning("Hm"), USED, finished(FinishReason.MAX_TOKENS));

        assertThat(closed(events)).singleElement().satisfies(closed -> {
            assertThat(closed.end()).isEqualTo(new Item.Reasoning("Hm"));
            assertThat(closed.status()).isEqualTo(ItemStatus.MAX_TOKENS);
            assertThat(closed.usage()).isEqualTo(USAGE);
        });
    }

    @Test
    void aRunThatKeepsItsReasoningToItselfHasOneMessage() {
        var events = events(
                turn, reasoning("Hm."), text("a"), reasoning("Hm?"), text("b"), USED, finished(FinishReason.STOP));

        assertThat(kinds(events))
                .containsExactly(
                        "ItemOpened 10", "TextAppended 10", "TextAppended 10", "ItemClosed 10", "ModelCallEnded");
    }

    @Test
    void onlyTheFirstCallIsMadeWhereTheyMustNotBeParallel() {
        var single = new ModelTurn(0, 0, false, Conduct.PAUSING);
        var events = events(
                single,
                new ModelEvent.CallBegun(0, "f"),
                new ModelEvent.Arguments(0, "{}"),
                new ModelEvent.CallBegun(1, "g"),
                new ModelEvent.Arguments(1, "{}"),
                USED,
                finished(FinishReason.TOOL_CALLS));

        assertThat(kinds(events))
                .containsExactly("ItemOpened 0", "ArgumentsAppended 0", "ItemClosed 0", "ModelCallEnded");
        assertThat(single.calls()).extracting(Item.FunctionCall::name).containsExactly("f");
    }

    @Test
    void callsThatWereCutShortAreNotMade() {
        var events = events(
                turn,
                new ModelEvent.CallBegun(0, "f"),
                new ModelEvent.Arguments(0, "{\"a"),
                USED,
                finished(FinishReason.MAX_TOKENS));

        assertThat(closed(events)).extracting(RunEvent.ItemClosed::status).containsExactly(ItemStatus.MAX_TOKENS);
        assertThat(turn.calls()).isEmpty();
        assertThat(turn.cut()).contains(IncompleteReason.MAX_COMPLETION_TOKENS);
    }

    @Test
    void whateverIsSaidAtAnyTimeTheRunCanBeEnded() {
        var pieces = List.of(
                reasoning("hm"),
                text("a"),
                new ModelEvent.CallBegun(0, "f"),
                new ModelEvent.Arguments(0, "{"),
                new ModelEvent.CallBegun(1, "g"),
                new ModelEvent.Arguments(1, "{}"),
                new ModelEvent.Arguments(0, "}"),
                text("b"));
        for (int cut = 0; cut <= pieces.size(); cut++) {
            var said = new ModelTurn(0, 0, true, Conduct.ENDING);
            var run = new OpenRun().add(new RunEvent.Admitted()).add(new RunEvent.Started(Instant.EPOCH));
            pieces.subList(0, cut).stream()
                    .flatMap(piece -> said.events(piece).stream())
                    .forEach(run::add);

            var ending = run.ending(RunFailure.serverError("gone"));

            ending.forEach(run::add);
            assertThat(run.status().isTerminal()).isTrue();
            assertThat(closed(ending)).hasSize((int) openAfter(cut));
        }
    }

    private static long openAfter(int pieces) {
        return pieces == 0 ? 0 : pieces < 5 ? 1 : pieces < 8 ? 2 : 3;
    }

    private static List<RunEvent> events(ModelTurn turn, ModelEvent... pieces) {
        return Stream.of(pieces).flatMap(piece -> turn.events(piece).stream()).toList();
    }

    private static List<String> kinds(List<RunEvent> events) {
        return events.stream().map(ModelTurnTests::kind).toList();
    }

    private static String kind(RunEvent event) {
        String name = event.getClass().getSimpleName();
        return event instanceof RunEvent.Output output ? name + " " + output.outputIndex() : name;
    }

    private static List<RunEvent.ItemClosed> closed(List<RunEvent> events) {
        return events.stream()
                .filter(RunEvent.ItemClosed.class::isInstance)
                .map(RunEvent.ItemClosed.class::cast)
                .toList();
    }

    private static ModelEvent text(String text) {
        return new ModelEvent.Text(text);
    }

    private static ModelEvent reasoning(String text) {
        return new ModelEvent.Reasoning(text);
    }

    private static ModelEvent finished(FinishReason reason) {
        return new ModelEvent.Finished(reason);
    }
}
