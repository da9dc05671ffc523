package dev.heddle.gateway.engine;

import static dev.heddle.gateway.engine.TranscriptItem.Origin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConversationTests {
    private static final RunId RUN = RunId.fresh();
    private static final CallId A = new CallId("call_a");
    private static final CallId B = new CallId("call_b");

    @Test
    void messagesStandAlone() {
        var context = of(question(1, "One?"), answer(2, 0, "Two."), question(3, "Three?"));

        assertThat(context)
                .containsExactly(said(Role.USER, "One?"), said(Role.ASSISTANT, "Two."), said(Role.USER, "Three?"));
    }

    @Test
    void theCallsOfOneAnswerAreOneMessageWithItsTextAndTheirOutputsFollowInTheirOrder() {
        var context = of(
                question(1, "Weather?"),
                answer(2, 0, "Let me see."),
                call(2, 0, A),
                call(2, 0, B),
                output(2, 0, B, "rain"),
                output(2, 0, A, "sun"),
                answer(2, 1, "Mixed."));

        assertThat(context)
                .containsExactly(
                        said(Role.USER, "Weather?"),
                        called(List.of(new Content.Text("Let me see.")), A, B),
                        answered(A, "sun"),
                        answered(B, "rain"),
                        said(Role.ASSISTANT, "Mixed."));
    }

    @Test
    void twoAnswersThatFollowOneAnotherAreTwoMessages() {
        var context = of(call(2, 0, A), output(2, 0, A, "1"), call(2, 1, B), output(2, 1, B, "2"));

        assertThat(context)
                .containsExactly(called(List.of(), A), answered(A, "1"), called(List.of(), B), answered(B, "2"));
    }

    @Test
    void aCallWhoseNameWasUsedBeforeHasTheOutputBehindIt() {
        var context = of(call(2, 0, A), output(2, 0, A, "1"), call(3, 0, A), output(3, 0, A, "2"));

        assertThat(context)
                .containsExactly(called(List.of(), A), answered(A, "1"), called(List.of(), A), answered(A, "2"));
    }

    @Test
    void aCallWithoutAnOutputGetsOneThatSaysSo() {
        var context = of(call(2, 0, A), call(2, 0, B), output(2, 0, B, "2"), question(3, "And?"));

        assertThat(context).hasSize(4);
        assertThat(context.get(1)).isInstanceOfSatisfying(ContextMessage.Answered.class, answer -> {
            assertThat(answer.output().call()).isEqualTo(A);
            assertThat(answer.output().output()).contains("interrupted");
        });
    }

    @Test
    void aCallThatWasCutShortIsLeftOut() {
        var cut =
                new TranscriptItem(model(2, 0), ItemStatus.RUN_CANCELLED, new Item.FunctionCall(A, "weather", "{\"ci"));

        assertThat(of(question(1, "Weather?"), cut)).containsExactly(said(Role.USER, "Weather?"));
        assertThat(of(call(2, 0, B), cut, output(2, 0, B, "2")))
                .containsExactly(called(List.of(), B), answered(B, "2"));
    }

    @Test
    void textBehindACallIsAMessageOfItsOwnAndTheOutputStaysWithItsCall() {
        assertThat(of(call(2, 0, A), answer(2, 0, "And now"), output(2, 0, A, "1"), answer(2, 1, "Done.")))
                .containsExactly(
                        called(List.of(), A),
                        answered(A, "1"),
                        said(Role.ASSISTANT, "And now"),
                        said(Role.ASSISTANT, "Done."));
        assertThat(of(call(2, 0, A), answer(2, 0, "And"), call(2, 0, B), output(2, 0, A, "1"), output(2, 0, B, "2")))
                .containsExactly(
                        called(List.of(), A),
                        answered(A, "1"),
                        called(List.of(new Content.Text("And")), B),
                        answered(B, "2"));
    }

    @Test
    void reasoningIsNeverShownAndKeepsNoCallsApart() {
        var context = of(
                question(1, "Weather?"),
                reasoning(2, 0),
                call(2, 0, A),
                reasoning(2, 0),
                call(2, 0, B),
                output(2, 0, A, "1"),
                output(2, 0, B, "2"),
                reasoning(2, 1));

        assertThat(context)
                .containsExactly(
                        said(Role.USER, "Weather?"), called(List.of(), A, B), answered(A, "1"), answered(B, "2"));
    }

    @Test
    void anOutputWithoutItsCallIsLeftOut() {
        assertThat(of(output(2, 0, A, "1"), question(3, "And?"))).containsExactly(said(Role.USER, "And?"));
    }

    @Test
    void aTextThatWasCutShortIsMarkedAndAnEmptyOneLeftOut() {
        var half =
                new TranscriptItem(model(2, 0), ItemStatus.RUN_CANCELLED, Item.Message.of(Role.ASSISTANT, "Half an"));
        var nothing =
                new TranscriptItem(model(3, 0), ItemStatus.RUN_FAILED, new Item.Message(Role.ASSISTANT, List.of()));

        assertThat(of(half, nothing))
                .containsExactly(new ContextMessage.Said(new Item.Message(
                        Role.ASSISTANT,
                        List.of(new Content.Text("Half an"), new Content.Text("[This answer was cut short.]")))));
    }

    @Test
    void copiedTurnsKeepQuestionsApartFromTheCallsBehindThem() {
        var copied = new Origin(1, Optional.empty(), 0);
        var context = of(
                new TranscriptItem(copied, ItemStatus.COMPLETED, Item.Message.of(Role.USER, "Weather?")),
                new TranscriptItem(copied, ItemStatus.COMPLETED, new Item.FunctionCall(A, "weather", "{}")),
                new TranscriptItem(copied, ItemStatus.COMPLETED, new Item.FunctionCallOutput(A, "sun")),
                new TranscriptItem(copied, ItemStatus.COMPLETED, new Item.FunctionCall(B, "weather", "{}")),
                new TranscriptItem(copied, ItemStatus.COMPLETED, new Item.FunctionCallOutput(B, "rain")),
                new TranscriptItem(copied, ItemStatus.COMPLETED, Item.Message.of(Role.ASSISTANT, "Mixed.")));

        assertThat(context)
                .containsExactly(
                        said(Role.USER, "Weather?"),
                        called(List.of(), A),
                        answered(A, "sun"),
                        called(List.of(), B),
                        answered(B, "rain"),
                        said(Role.ASSISTANT, "Mixed."));
    }

    @Test
    void whateverHappenedEveryCallIsFollowedByExactlyOneOutput() {
        for (int seed = 0; seed < 500; seed++) {
            isLegal(of(anything(new Random(seed)).toArray(TranscriptItem[]::new)));
        }
    }

    @Test
    void theItemsFromATurnOnAreTheNewestExchangesOfAll() {
        for (int seed = 0; seed < 500; seed++) {
            var items = anything(new Random(seed));
            var all = Conversation.of(items);
            for (int turn = 1; turn <= 6; turn++) {
                var end = Conversation.of(from(turn, items));

                assertThat(end).hasSizeGreaterThanOrEqualTo(7 - turn);
                assertThat(ContextWindow.newest(all, end.size())).isEqualTo(end);
            }
        }
    }

    private static List<TranscriptItem> from(long turn, List<TranscriptItem> items) {
        return items.stream().filter(item -> item.origin().turn() >= turn).toList();
    }

    private static List<TranscriptItem> anything(Random random) {
        var items = new ArrayList<TranscriptItem>();
        for (int turn = 1; turn <= 6; turn++) {
            items.add(question(turn, "Question " + turn));
            for (int modelCall = 0; modelCall < random.nextInt(3); modelCall++) {
                addAnswer(items, turn, modelCall, random);
            }
        }
        return items;
    }

    private static void addAnswer(List<TranscriptItem> items, int turn, int modelCall, Random random) {
        if (random.nextBoolean()) {
            items.add(answer(turn, modelCall, random.nextInt(4) == 0 ? "" : "Text."));
        }
        var outputs = new ArrayList<TranscriptItem>();
        for (int i = 0; i < random.nextInt(4); i++) {
            var id = new CallId("call_" + turn + "_" + modelCall + "_" + i);
            var status = random.nextInt(4) == 0 ? ItemStatus.RUN_FAILED : ItemStatus.COMPLETED;
            items.add(new TranscriptItem(model(turn, modelCall), status, new Item.FunctionCall(id, "f", "{}")));
            if (random.nextInt(4) == 0) {
                items.add(random.nextBoolean() ? reasoning(turn, modelCall) : answer(turn, modelCall, "And."));
            }
            for (int copies = random.nextInt(3); copies > 0; copies--) {
                outputs.add(output(turn, modelCall, id, "out"));
            }
        }
        Collections.shuffle(outputs, random);
        items.addAll(outputs);
    }

    private static void isLegal(List<ContextMessage> context) {
        var wanted = new ArrayList<CallId>();
        var seen = new HashSet<CallId>();
        for (ContextMessage message : context) {
            switch (message) {
                case ContextMessage.Said said -> {
                    assertThat(wanted).isEmpty();
                    assertThat(said.message().content()).isNotEmpty();
                }
                case ContextMessage.Called called -> {
                    assertThat(wanted).isEmpty();
                    assertThat(called.calls()).isNotEmpty();
                    called.calls().forEach(call -> wanted.add(call.call()));
                }
                case ContextMessage.Answered answered -> {
                    assertThat(wanted.removeFirst()).isEqualTo(answered.output().call());
                    assertThat(seen.add(answered.output().call())).isTrue();
                }
            }
        }
        assertThat(wanted).isEmpty();
    }

    private static List<ContextMessage> of(TranscriptItem... items) {
        return Conversation.of(List.of(items)).stream()
                .flatMap(exchange -> exchange.messages().stream())
                .toList();
    }

    private static Origin model(long turn, int modelCall) {
        return new Origin(turn, Optional.of(RUN), modelCall);
    }

    private static TranscriptItem question(long turn, String text) {
        return new TranscriptItem(
                new Origin(turn, Optional.empty(), 0), ItemStatus.COMPLETED, Item.Message.of(Role.USER, text));
    }

    private static TranscriptItem answer(long turn, int modelCall, String text) {
        var content = text.isEmpty() ? List.<Content>of() : List.<Content>of(new Content.Text(text));
        return new TranscriptItem(
                model(turn, modelCall), ItemStatus.COMPLETED, new Item.Message(Role.ASSISTANT, content));
    }

    private static TranscriptItem reasoning(long turn, int modelCall) {
        return new TranscriptItem(model(turn, modelCall), ItemStatus.COMPLETED, new Item.Reasoning("Hm."));
    }

    private static TranscriptItem call(long turn, int modelCall, CallId id) {
        return new TranscriptItem(
                model(turn, modelCall), ItemStatus.COMPLETED, new Item.FunctionCall(id, "weather", "{}"));
    }

    private static TranscriptItem output(long turn, int modelCall, CallId id, String text) {
        return new TranscriptItem(model(turn, modelCall), ItemStatus.COMPLETED, new Item.FunctionCallOutput(id, text));
    }

    private static ContextMessage said(Role role, String text) {
        return new ContextMessage.Said(Item.Message.of(role, text));
    }

    private static ContextMessage called(List<Content> text, CallId... calls) {
        return new ContextMessage.Called(
                text,
                List.of(calls).stream()
                        .map(id -> new Item.FunctionCall(id, "weather", "{}"))
                        .toList());
    }

    private static ContextMessage answered(CallId id, String text) {
        return new ContextMessage.Answered(new Item.FunctionCallOutput(id, text));
    }
}
