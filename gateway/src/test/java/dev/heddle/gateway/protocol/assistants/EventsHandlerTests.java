package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** Following a whole thread. */
class EventsHandlerTests {
    private final Facade facade = Facade.open();
    private final String thread = facade.newThread();
    private final String events = "/v1/threads/" + thread + "/events";

    @Test
    void arrivalOrderIsTheLogItself() {
        var first = start();
        var second = start();
        facade.store.emit(second, TestRuns.started());
        facade.store.emit(first, TestRuns.started());

        StepVerifier.create(facade.follow(events, ""))
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
        var first = start();
        var second = start();
        facade.store.emit(second, TestRuns.started(), new RunEvent.Completed(Usage.NONE));

        StepVerifier.create(facade.follow(events + "?order=turn", "").map(EventsHandlerTests::head))
                .expectNext("1:0 run.admitted")
                .then(() -> facade.store.emit(first, TestRuns.started(), new RunEvent.Completed(Usage.NONE)))
                .expectNext("1:1 run.started", "1:2 run.completed")
                .expectNext("2:0 run.admitted", "2:1 run.started", "2:2 run.completed")
                .thenCancel()
                .verify();
    }

    @Test
    void aReaderContinuesBehindItsLastId() {
        var run = start();
        facade.store.emit(run, TestRuns.started(), new RunEvent.Completed(Usage.NONE));

        StepVerifier.create(facade.follow(events + "?after=1", "2").map(EventsHandlerTests::head))
                .expectNext("3 run.completed")
                .thenCancel()
                .verify();
        StepVerifier.create(facade.follow(events + "?order=turn&after=1:0", "").map(EventsHandlerTests::head))
                .expectNext("1:1 run.started", "1:2 run.completed")
                .thenCancel()
                .verify();
    }

    @Test
    void messagesAndTextsAreToldInOpenAisIds() {
        facade.post("/v1/threads/" + thread + "/messages", "{\"role\":\"user\",\"content\":\"a\"}");
        var run = start();
        facade.store.emit(run, TestRuns.started());
        TestRuns.answer("Hello").forEach(event -> facade.store.emit(run, event));

        StepVerifier.create(facade.follow(events, "").map(EventsHandlerTests::data))
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
    void everyEventHasAName() {
        Sample.lives()
                .values()
                .forEach(life -> life.forEach(event -> {
                    assertThat(ThreadEventFrames.inArrivalOrder(event).toString())
                            .containsPattern("event: [a-z_]+\\.[a-z_]+\n");
                }));
    }

    @Test
    void callsAndTheirOutputsAreToldInWordsOfTheirOwn() {
        var life = Sample.lives().get("tool");

        assertThat(told(life.get(3)))
                .startsWith("item.opened {")
                .contains("\"output_index\":0,\"item_id\":\"fc_0003234KEATpIXdBl5kMPaj2\",\"model_call\":0,")
                .endsWith("\"item\":{\"type\":\"function_call\",\"call_id\":\"call_weather\","
                        + "\"name\":\"get_weather\",\"arguments\":\"\"}}");
        assertThat(told(life.get(4)))
                .startsWith("arguments.appended {")
                .endsWith("\"item_id\":\"fc_0003234KEATpIXdBl5kMPaj2\",\"arguments\":\"{\\\"city\\\":\\\"Bonn\\\"}\"}");
        assertThat(told(life.get(7)))
                .startsWith("run.action_required {")
                .endsWith("\"calls\":[{\"type\":\"function_call\",\"call_id\":\"call_weather\","
                        + "\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Bonn\\\"}\"}]}");
        assertThat(told(life.get(9)))
                .startsWith("item.closed {")
                .contains("\"item_id\":\"fco_")
                .contains("\"item\":{\"type\":\"function_call_output\",\"call_id\":\"call_weather\","
                        + "\"output\":\"of \\\"get_weather\\\"\"}");
        assertThat(told(life.get(10))).startsWith("run.outputs_submitted {").endsWith("\"run_seq\":10}");
        assertThat(told(life.get(11))).startsWith("run.resumed {").endsWith("\"run_seq\":11}");
    }

    @Test
    void changesOfTheThreadItselfAreTold() {
        var at = Sample.CREATED;

        assertThat(told(new LoggedEvent(7, 0, at, new ThreadEvent.ItemDeleted(Sample.MESSAGE, Item.Kind.MESSAGE))))
                .startsWith("message.deleted {\"seq\":7,\"turn\":0,")
                .endsWith("\"item_id\":\"msg_0003234KEATpIXdBl5kMPaip\"}");
        assertThat(told(new LoggedEvent(8, 0, at, new ThreadEvent.TurnsWithdrawn(List.of(2L, 3L)))))
                .startsWith("turns.withdrawn {")
                .endsWith("\"turns\":[2,3]}");
        assertThat(told(new LoggedEvent(9, 0, at, new ThreadEvent.TurnsImported(Sample.THREAD.id(), 4, 6))))
                .startsWith("turns.imported {")
                .endsWith("\"from_thread_id\":\"thread_0003234KEATpIXdBl5kMPain\",\"first_turn\":4,\"last_turn\":6}");
    }

    @Test
    void whatIsNoLongerKeptIsAGap() {
        var run = start();
        facade.store.emit(run, TestRuns.started(), new RunEvent.Completed(Usage.NONE));
        facade.store.log.forget(run.thread(), 2);

        StepVerifier.create(facade.follow(events, ""))
                .expectNext("id: 2\nevent: gap\ndata: {\"of\":\"seq\",\"from\":1,\"to\":2}\n\n")
                .assertNext(frame -> assertThat(head(frame)).isEqualTo("3 run.completed"))
                .thenCancel()
                .verify();
        StepVerifier.create(facade.follow(events + "?order=turn", ""))
                .expectNext("event: gap\ndata: {\"of\":\"run_seq\",\"from\":0,\"to\":1}\n\n")
                .assertNext(frame -> assertThat(head(frame)).isEqualTo("1:2 run.completed"))
                .thenCancel()
                .verify();
    }

    @Test
    void anEventThatNeverHappenedIsNoCursor() {
        start();

        for (String query : List.of(
                "after=2",
                "after=x",
                "after=-1",
                "order=turn&after=1:1",
                "order=turn&after=7:0",
                "order=turn&after=3")) {
            var error = facade.refused(400, GET, events + "?" + query, "");
            assertThat(error.get("param").stringValue()).as(query).isEqualTo("after");
        }
        assertThat(facade.refused(400, GET, events + "?order=up", "")
                        .get("message")
                        .stringValue())
                .isEqualTo("Invalid value: 'up'. Supported values are: 'arrival' and 'turn'.");
    }

    @Test
    void aThreadThatIsNotThereIsNotFound() {
        facade.refused(404, GET, "/v1/threads/thread_000000000000000000000000/events", "");
    }

    private RunKey start() {
        var runs = "/v1/threads/" + thread + "/runs";
        var id = facade.post(runs, "{\"assistant_id\":\"" + facade.newAssistant() + "\"}")
                .get("id")
                .stringValue();
        return facade.store.runs.get(OpenAiIds.run("run_id", id)).key();
    }

    private String frame(String id, String event, long seq, long turn, RunKey run, long runSeq, String more) {
        var at = facade.store.logged(run.thread(), seq).at();
        return "id: %s\nevent: %s\ndata: {\"seq\":%d,\"turn\":%d,\"at\":\"%s\",\"run_id\":\"%s\",\"run_seq\":%d%s}\n\n"
                .formatted(id, event, seq, turn, at, OpenAiIds.run(run.id()), runSeq, more);
    }

    private static String head(String frame) {
        var lines = frame.lines().toList();
        return lines.get(0).substring("id: ".length()) + " " + lines.get(1).substring("event: ".length());
    }

    private static String told(LoggedEvent event) {
        var frame = ThreadEventFrames.inArrivalOrder(event).toString();
        return frame.lines().toList().get(1).substring("event: ".length()) + " " + data(frame);
    }

    private static String data(String frame) {
        return frame.lines().toList().get(2).substring("data: ".length());
    }
}
