package dev.heddle.gateway.protocol.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** Following a whole thread. */
class ThreadEventsTests {
    private static final ItemId MESSAGE = new ItemId(UUID.fromString("019b7c5a-0000-7000-8000-000000000003"));

    private static final ThreadId FROM = new ThreadId(UUID.fromString("019b7c5a-0000-7000-8000-000000000001"));

    private final Rig rig = new Rig();
    private final ThreadKey thread = rig.newThread();
    private final String events = "/v1/threads/" + Rig.id(thread) + "/events";

    @Test
    void arrivalOrderIsTheLogItself() {
        var first = rig.newRun(thread, 1);
        var second = rig.newRun(thread, 2);
        rig.emit(second, TestRuns.started());
        rig.emit(first, TestRuns.started());

        StepVerifier.create(rig.follow(events, ""))
                .expectNext(
                        frame("1", "run.admitted", 1, 1, first, 0, ""),
                        frame("2", "run.admitted", 2, 2, second, 0, ""),
                        frame("3", "run.started", 3, 2, second, 1, ",\"expires_at\":1767323645"),
                        frame("4", "run.started", 4, 1, first, 1, ",\"expires_at\":1767323645"))
                .thenCancel()
                .verify();
    }

    @Test
    void turnOrderTellsALaterTurnAfterTheEarlierOnesLastEvent() {
        var first = rig.newRun(thread, 1);
        var second = rig.newRun(thread, 2);
        rig.emit(second, TestRuns.started(), new RunEvent.Completed(Usage.NONE));

        StepVerifier.create(rig.follow(events + "?order=turn", "").map(ThreadEventsTests::head))
                .expectNext("1:0 run.admitted")
                .then(() -> rig.emit(first, TestRuns.started(), new RunEvent.Completed(Usage.NONE)))
                .expectNext("1:1 run.started", "1:2 run.completed")
                .expectNext("2:0 run.admitted", "2:1 run.started", "2:2 run.completed")
                .thenCancel()
                .verify();
    }

    @Test
    void aReaderContinuesBehindItsLastId() {
        var run = rig.newRun(thread, 1);
        rig.emit(run, TestRuns.started(), new RunEvent.Completed(Usage.NONE));

        StepVerifier.create(rig.follow(events + "?after=1", "2").map(ThreadEventsTests::head))
                .expectNext("3 run.completed")
                .thenCancel()
                .verify();
        StepVerifier.create(rig.follow(events + "?order=turn&after=1:0", "").map(ThreadEventsTests::head))
                .expectNext("1:1 run.started", "1:2 run.completed")
                .thenCancel()
                .verify();
    }

    @Test
    void messagesAndTextsAreToldInOpenAisIds() {
        rig.write(thread, 1, new ThreadEvent.ItemAdded(MESSAGE, Item.Message.of(Role.USER, "a")));
        var run = rig.newRun(thread, 2);
        rig.emit(run, TestRuns.started());
        TestRuns.answer("Hello").forEach(event -> rig.emit(run, event));

        StepVerifier.create(rig.follow(events, "").map(ThreadEventsTests::data))
                .assertNext(data -> assertThat(data)
                        .contains("\"item_id\":\"msg_")
                        .contains("\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":{\"value\":\"a\""))
                .expectNextCount(3)
                .assertNext(
                        data -> assertThat(data)
                                .contains("\"output_index\":0,\"item_id\":\"msg_")
                                .contains(
                                        "\"model_call\":0,\"item\":{\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}"))
                .assertNext(data -> assertThat(data).endsWith("\"text\":\"Hello\"}"))
                .assertNext(data -> assertThat(data).contains("\"status\":\"completed\""))
                .expectNextCount(2)
                .thenCancel()
                .verify();
    }

    @Test
    void callsAndTheirOutputsAreToldInWordsOfTheirOwn() {
        var call = new Item.FunctionCall(new CallId("call_weather"), "get_weather", "{\"city\":\"Bonn\"}");
        var output = new Item.FunctionCallOutput(call.call(), "rain");
        var begun = new Item.FunctionCall(call.call(), call.name(), "");

        assertThat(told(new RunEvent.ItemOpened(0, MESSAGE, 0, begun)))
                .startsWith("item.opened {")
                .contains("\"output_index\":0,\"item_id\":\"fc_0003234KEATpIXdBl5kMPaip\",\"model_call\":0,")
                .endsWith("\"item\":{\"type\":\"function_call\",\"call_id\":\"call_weather\","
                        + "\"name\":\"get_weather\",\"arguments\":\"\"}}");
        assertThat(told(new RunEvent.ArgumentsAppended(0, MESSAGE, call.arguments())))
                .startsWith("arguments.appended {")
                .endsWith("\"item_id\":\"fc_0003234KEATpIXdBl5kMPaip\",\"arguments\":\"{\\\"city\\\":\\\"Bonn\\\"}\"}");
        assertThat(told(new RunEvent.ActionRequired(List.of(call))))
                .startsWith("run.action_required {")
                .endsWith("\"calls\":[{\"type\":\"function_call\",\"call_id\":\"call_weather\","
                        + "\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Bonn\\\"}\"}]}");
        assertThat(told(new RunEvent.ItemClosed(1, MESSAGE, ItemStatus.COMPLETED, output, Usage.NONE)))
                .startsWith("item.closed {")
                .contains("\"item_id\":\"fco_")
                .contains(
                        "\"item\":{\"type\":\"function_call_output\",\"call_id\":\"call_weather\",\"output\":\"rain\"}");
        assertThat(told(new RunEvent.OutputsSubmitted()))
                .startsWith("run.outputs_submitted {")
                .endsWith("\"run_seq\":3}");
        assertThat(told(new RunEvent.Resumed())).startsWith("run.resumed {").endsWith("\"run_seq\":3}");
    }

    @Test
    void endsAreToldWithTheirReasons() {
        var failure = new RunFailure(RunFailure.Code.RATE_LIMIT_EXCEEDED, "Slow down.");

        assertThat(told(new RunEvent.Failed(failure, Usage.NONE)))
                .startsWith("run.failed {")
                .contains("\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow down.\"}");
        assertThat(told(new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE)))
                .startsWith("run.cancelled {")
                .contains("\"cause\":\"client\",\"usage\":{\"prompt_tokens\":0,");
    }

    @Test
    void aHundredReadersShareOneEncodingOfEachEvent() {
        var event = new LoggedEvent(1, 1, Rig.AT, new ThreadEvent.ItemDeleted(MESSAGE, Item.Kind.MESSAGE));
        var first = rig.frames.inArrivalOrder(thread.id(), event);

        for (int reader = 1; reader < 100; reader++) {
            assertThat(rig.frames.inArrivalOrder(thread.id(), event)).isSameAs(first);
        }
        assertThat(rig.frames.inTurnOrder(thread.id(), event)).isNotSameAs(first);
        assertThat(rig.frames.inArrivalOrder(ThreadId.fresh(), event)).isNotSameAs(first);
    }

    @Test
    void changesOfTheThreadItselfAreTold() {
        var at = Rig.AT;

        assertThat(told(new LoggedEvent(7, 0, at, new ThreadEvent.ItemDeleted(MESSAGE, Item.Kind.MESSAGE))))
                .startsWith("message.deleted {\"seq\":7,\"turn\":0,")
                .endsWith("\"item_id\":\"msg_0003234KEATpIXdBl5kMPaip\"}");
        assertThat(told(new LoggedEvent(8, 0, at, new ThreadEvent.TurnsWithdrawn(List.of(2L, 3L)))))
                .startsWith("turns.withdrawn {")
                .endsWith("\"turns\":[2,3]}");
        assertThat(told(new LoggedEvent(9, 0, at, new ThreadEvent.TurnsImported(FROM, 4, 6))))
                .startsWith("turns.imported {")
                .endsWith("\"from_thread_id\":\"thread_0003234KEATpIXdBl5kMPain\",\"first_turn\":4,\"last_turn\":6}");
    }

    @Test
    void whatIsNoLongerKeptIsAGap() {
        var run = rig.newRun(thread, 1);
        rig.emit(run, TestRuns.started(), new RunEvent.Completed(Usage.NONE));
        rig.log.forget(run.thread(), 2);

        StepVerifier.create(rig.follow(events, ""))
                .expectNext("id: 2\nevent: gap\ndata: {\"of\":\"seq\",\"from\":1,\"to\":2}\n\n")
                .assertNext(frame -> assertThat(head(frame)).isEqualTo("3 run.completed"))
                .thenCancel()
                .verify();
        StepVerifier.create(rig.follow(events + "?order=turn", ""))
                .expectNext("event: gap\ndata: {\"of\":\"run_seq\",\"from\":0,\"to\":1}\n\n")
                .assertNext(frame -> assertThat(head(frame)).isEqualTo("1:2 run.completed"))
                .thenCancel()
                .verify();
    }

    @Test
    void anEventThatNeverHappenedIsNoCursor() {
        rig.newRun(thread, 1);

        for (String query : List.of(
                "after=2",
                "after=x",
                "after=-1",
                "order=turn&after=1:1",
                "order=turn&after=7:0",
                "order=turn&after=3")) {
            var error = rig.refused(400, GET, events + "?" + query, "");
            assertThat(error.get("param").stringValue()).as(query).isEqualTo("after");
        }
        assertThat(rig.refused(400, GET, events + "?order=up", "")
                        .get("message")
                        .stringValue())
                .isEqualTo("Invalid value: 'up'. Supported values are: 'arrival' and 'turn'.");
    }

    @Test
    void aThreadThatIsNotThereIsNotFound() {
        rig.refused(404, GET, "/v1/threads/thread_000000000000000000000000/events", "");
    }

    private String frame(String id, String event, long seq, long turn, RunKey run, long runSeq, String more) {
        var at = Rig.AT.plusMillis(seq);
        return "id: %s\nevent: %s\ndata: {\"seq\":%d,\"turn\":%d,\"at\":\"%s\",\"run_id\":\"%s\",\"run_seq\":%d%s}\n\n"
                .formatted(id, event, seq, turn, at, OpenAiIds.run(run.id()), runSeq, more);
    }

    private static String head(String frame) {
        var lines = frame.lines().toList();
        return lines.get(0).substring("id: ".length()) + " " + lines.get(1).substring("event: ".length());
    }

    private String told(RunEvent event) {
        return told(new LoggedEvent(4, 1, Rig.AT, new ThreadEvent.OfRun(RunId.fresh(), 3, event)));
    }

    private String told(LoggedEvent event) {
        var frame = rig.frames.inArrivalOrder(ThreadId.fresh(), event).toString();
        return frame.lines().toList().get(1).substring("event: ".length()) + " " + data(frame);
    }

    private static String data(String frame) {
        return frame.lines().toList().get(2).substring("data: ".length());
    }
}
