package dev.heddle.gateway.protocol.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SocketFrame;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.StepVerifier.FirstStep;

/** What a thread socket says to what its client says. */
class ThreadSocketTests {
    private final Rig rig = new Rig();
    private final ThreadKey thread = rig.newThread();
    private final String id = Rig.id(thread);
    private final Sinks.Many<byte[]> client = Sinks.many().unicast().onBackpressureBuffer();

    @Test
    void aSubscriptionIsToldFromItsCursorOn() {
        write(thread, 3);

        socket().then(() -> say(subscribe(id, 1, 10)))
                .expectNext("{\"type\":\"subscribed\",\"thread_id\":\"" + id + "\",\"after\":1,\"head\":3}")
                .expectNext(event(id, 2), event(id, 3))
                .then(() -> write(thread, 1))
                .expectNext(event(id, 4))
                .thenCancel()
                .verify();
        assertThat(rig.doorbell.followers()).isZero();
    }

    @Test
    void anEventHasTheJsonOfTheThreadsStream() {
        write(thread, 1);
        var data = rig.follow("/v1/threads/" + id + "/events", "")
                .blockFirst()
                .lines()
                .toList()
                .get(2);

        socket().then(() -> say(subscribe(id, 0, 1)))
                .expectNextCount(1)
                .assertNext(event -> assertThat(event).endsWith(data.substring("data: {".length())))
                .thenCancel()
                .verify();
    }

    @Test
    void noEventComesWithoutCredit() {
        write(thread, 5);

        socket().then(() -> say(subscribe(id, 0, 2)))
                .expectNextCount(1)
                .expectNext(event(id, 1), event(id, 2))
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> say(credit(id, 1)))
                .expectNext(event(id, 3))
                .then(() -> write(thread, 1))
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> say(credit(id, 10)))
                .expectNext(event(id, 4), event(id, 5), event(id, 6))
                .then(() -> write(thread, 1))
                .expectNext(event(id, 7))
                .thenCancel()
                .verify();
    }

    @Test
    void withoutCreditNothingIsReadAndWithSomeNoMoreThanThat() {
        write(thread, 500);

        socket().then(() -> say(subscribe(id, 0, 0)))
                .expectNextCount(1)
                .then(() -> write(thread, 1))
                .then(() -> assertThat(rig.counted.reads).hasValue(0))
                .then(() -> say(credit(id, 3)))
                .expectNextCount(3)
                .then(() -> assertThat(rig.counted.reads).hasValue(1))
                .then(() -> assertThat(rig.counted.most).hasValue(3))
                .thenCancel()
                .verify();
    }

    @Test
    void aClientThatDoesNotReadIsReadOnePageFor() {
        write(thread, 1_000);

        StepVerifier.create(
                        new ThreadSocket(rig.parts(), TenantId.DEFAULT, Optional.empty()).frames(client.asFlux()), 2)
                .then(() -> say(subscribe(id, 0, 10_000)))
                .expectNextCount(2)
                .then(() -> assertThat(rig.counted.reads).hasValueLessThan(3))
                .then(() -> assertThat(rig.counted.most).hasValue(64))
                .thenCancel()
                .verify();
    }

    @Test
    void aLongThreadDoesNotHoldUpAnother() {
        var other = rig.newThread();
        write(thread, 2_000);
        write(other, 100);
        say(subscribe(id, 0, 10_000));
        say(subscribe(Rig.id(other), 0, 10_000));

        var heard = new ThreadSocket(rig.parts(), TenantId.DEFAULT, Optional.empty())
                .frames(client.asFlux())
                .map(SocketFrame::toString)
                .take(2_102)
                .collectList()
                .block(Duration.ofSeconds(10));

        var places = IntStream.range(0, heard.size())
                .filter(place -> heard.get(place).contains(Rig.id(other)))
                .toArray();
        // It came second, so it waited for a turn of the first, and for another behind its own first one.
        assertThat(places[100] - places[0]).isLessThan(3 * 64 + 100);
    }

    @Test
    void whereverItIsCutTheRestComesBehindTheCursor() {
        write(thread, 30);
        var whole = eventsFrom(0, 30);

        for (int cut = 0; cut < 30; cut++) {
            assertThat(eventsFrom(cut, 30 - cut)).isEqualTo(whole.subList(cut, 30));
        }
    }

    @Test
    void whatIsNoLongerKeptIsAGapAndCostsCreditOnce() {
        write(thread, 5);
        rig.log.forget(thread, 3);

        socket().then(() -> say(subscribe(id, 0, 2)))
                .expectNextCount(1)
                .expectNext("{\"type\":\"gap\",\"thread_id\":\"" + id + "\",\"of\":\"seq\",\"from\":1,\"to\":3}")
                .expectNext(event(id, 4))
                .expectNoEvent(Duration.ofMillis(50))
                .thenCancel()
                .verify();
    }

    @Test
    void whatWasUnsubscribedIsSilentAndMayBeSubscribedAgain() {
        write(thread, 3);

        socket().then(() -> say(subscribe(id, 0, 10)))
                .expectNextCount(4)
                .then(() -> say("{\"type\":\"unsubscribe\",\"thread_id\":\"" + id + "\"}"))
                .expectNext("{\"type\":\"unsubscribed\",\"thread_id\":\"" + id + "\"}")
                .then(() -> assertThat(rig.doorbell.followers()).isZero())
                .then(() -> write(thread, 1))
                .then(() -> say(subscribe(id, 3, 10)))
                .expectNextCount(1)
                .expectNext(event(id, 4))
                .thenCancel()
                .verify();
    }

    @Test
    void aConversationIsAThreadAndKeepsItsSpelling() {
        write(thread, 1);
        var conversation = OpenAiIds.conversation(thread.id());

        socket().then(() -> say(subscribe(conversation, 0, 10)))
                .expectNextCount(1)
                .expectNext(event(conversation, 1))
                .then(() -> say(subscribe(id, 0, 10)))
                .assertNext(error -> assertError(error, "invalid_value", "thread_id", id))
                .thenCancel()
                .verify();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | missing_required_parameter | type",
                "{'type':'x'} | invalid_value | type",
                "{'type':'subscribe'} | missing_required_parameter | thread_id",
                "{'type':'subscribe','thread_id':'x'} | invalid_value | thread_id",
                "{'type':'subscribe','thread_id':'ID','after':2} | invalid_value | after",
                "{'type':'subscribe','thread_id':'ID','after':-1} | integer_below_min_value | after",
                "{'type':'subscribe','thread_id':'ID','after':1e3} | invalid_type | after",
                "{'type':'subscribe','thread_id':'ID','credit':10001} | integer_above_max_value | credit",
                "{'type':'subscribe','thread_id':'ID','x':1} | unknown_parameter | x",
                "{'type':'credit','thread_id':'ID','credit':1} | invalid_value | thread_id",
                "{'type':'credit','thread_id':'ID'} | missing_required_parameter | credit",
                "{'type':'credit','thread_id':'ID','credit':0} | integer_below_min_value | credit",
                "{'type':'unsubscribe','thread_id':'ID'} | invalid_value | thread_id"
            })
    void whatIsWrongIsToldAndTheSocketGoesOn(String message, String code, String param) {
        write(thread, 1);

        socket().then(() -> say(message.replace('\'', '"').replace("ID", id)))
                .assertNext(error -> {
                    assertThat(Json.read(error.getBytes(UTF_8))
                                    .at("/error/code")
                                    .stringValue())
                            .isEqualTo(code);
                    assertThat(Json.read(error.getBytes(UTF_8))
                                    .at("/error/param")
                                    .stringValue())
                            .isEqualTo(param);
                })
                .then(() -> say(subscribe(id, 0, 1)))
                .expectNextCount(1)
                .expectNext(event(id, 1))
                .thenCancel()
                .verify();
    }

    @Test
    void creditHasABoundInAll() {
        socket().then(() -> say(subscribe(id, 0, 6_000)))
                .expectNextCount(1)
                .then(() -> say(credit(id, 4_001)))
                .assertNext(error -> assertError(error, "invalid_value", "credit", id))
                .then(() -> say(credit(id, 4_000)))
                .then(() -> write(thread, 1))
                .expectNext(event(id, 1))
                .then(() -> say(credit(id, 2)))
                .assertNext(error -> assertError(error, "invalid_value", "credit", id))
                .thenCancel()
                .verify();
    }

    @Test
    void aThreadThatIsNotThereOrNotOfTheTicketIsNotFound() {
        String missing = OpenAiIds.thread(ThreadId.fresh());
        var other = rig.newThread();
        var scope = new Tickets.Scope(other, Optional.empty());

        socket().then(() -> say(subscribe(missing, 0, 1)))
                .assertNext(error -> assertThat(error).contains("No thread found with id '" + missing + "'."))
                .thenCancel()
                .verify();
        var second = Sinks.many().unicast().<byte[]>onBackpressureBuffer();
        StepVerifier.create(new ThreadSocket(rig.parts(), TenantId.DEFAULT, Optional.of(scope))
                        .frames(second.asFlux())
                        .map(SocketFrame::toString))
                .then(() -> second.tryEmitNext(subscribe(id, 0, 1).getBytes(UTF_8)))
                .assertNext(error -> assertThat(error).contains("No thread found with id '" + id + "'."))
                .then(() -> second.tryEmitNext(subscribe(Rig.id(other), 0, 1).getBytes(UTF_8)))
                .assertNext(subscribed -> assertThat(subscribed).contains("subscribed"))
                .thenCancel()
                .verify();
    }

    @Test
    void oneSocketHasAThousandThreadsAndNoMore() {
        IntStream.range(0, 1_001).forEach(_ -> say(subscribe(Rig.id(rig.newThread()), 0, 0)));

        socket().thenConsumeWhile(frame -> frame.contains("\"subscribed\""))
                .assertNext(error -> assertThat(error).contains("as many as it may"))
                .then(() -> assertThat(rig.doorbell.followers()).isEqualTo(1_000))
                .thenCancel()
                .verify();
        assertThat(rig.doorbell.followers()).isZero();
    }

    @Test
    void whatIsNoJsonObjectClosesTheSocket() {
        for (String message : List.of("hello", "[]", "", "{\"type\":\"subscribe\"")) {
            var said = Sinks.many().unicast().<byte[]>onBackpressureBuffer();
            said.tryEmitNext(message.getBytes(UTF_8));

            StepVerifier.create(new ThreadSocket(rig.parts(), TenantId.DEFAULT, Optional.empty()).frames(said.asFlux()))
                    .expectNext(SocketWords.NOT_UNDERSTOOD)
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void aHundredErrorsCloseTheSocket() {
        IntStream.range(0, 100).forEach(_ -> say("{\"type\":\"x\"}"));

        StepVerifier.create(new ThreadSocket(rig.parts(), TenantId.DEFAULT, Optional.empty()).frames(client.asFlux()))
                .expectNextCount(100)
                .expectNext(SocketWords.TOO_MANY_ERRORS)
                .thenCancel()
                .verify();
    }

    @Test
    void aLogThatFailsEndsTheSubscriptionAndNotTheSocket() {
        write(thread, 1);

        socket().then(() -> rig.counted.broken = true)
                .then(() -> say(subscribe(id, 0, 1)))
                .expectNextCount(1)
                .assertNext(error -> assertError(error, "server_error", null, id))
                .expectNext("{\"type\":\"unsubscribed\",\"thread_id\":\"" + id + "\"}")
                .then(() -> rig.counted.broken = false)
                .then(() -> say(subscribe(id, 0, 1)))
                .expectNextCount(1)
                .expectNext(event(id, 1))
                .thenCancel()
                .verify();
    }

    private FirstStep<String> socket() {
        return StepVerifier.create(new ThreadSocket(rig.parts(), TenantId.DEFAULT, Optional.empty())
                .frames(client.asFlux())
                .map(SocketFrame::toString));
    }

    private List<String> eventsFrom(int after, int count) {
        var said = Sinks.many().unicast().<byte[]>onBackpressureBuffer();
        said.tryEmitNext(subscribe(id, after, 10_000).getBytes(UTF_8));
        return new ArrayList<>(new ThreadSocket(rig.parts(), TenantId.DEFAULT, Optional.empty())
                .frames(said.asFlux())
                .map(SocketFrame::toString)
                .skip(1)
                .take(count)
                .collectList()
                .block(Duration.ofSeconds(10)));
    }

    private void say(String message) {
        client.tryEmitNext(message.getBytes(UTF_8)).orThrow();
    }

    private void write(ThreadKey to, int events) {
        for (int i = 0; i < events; i++) {
            rig.write(
                    to,
                    0,
                    new ThreadEvent.OwnerChanged(new NodeId(ThreadId.fresh().value()), 7));
        }
    }

    private static String subscribe(String thread, long after, int credit) {
        return "{\"type\":\"subscribe\",\"thread_id\":\"" + thread + "\",\"after\":" + after + ",\"credit\":" + credit
                + "}";
    }

    private static String credit(String thread, int credit) {
        return "{\"type\":\"credit\",\"thread_id\":\"" + thread + "\",\"credit\":" + credit + "}";
    }

    private static String event(String thread, long seq) {
        return "{\"type\":\"event\",\"thread_id\":\"" + thread + "\",\"event\":\"owner.changed\",\"seq\":" + seq
                + ",\"turn\":0,\"at\":\"" + Rig.AT.plusMillis(seq) + "\",\"epoch\":7}";
    }

    private static void assertError(String frame, String code, String param, String thread) {
        var error = Json.read(frame.getBytes(UTF_8));
        assertThat(error.get("type").stringValue()).isEqualTo("error");
        assertThat(error.get("thread_id").stringValue()).isEqualTo(thread);
        assertThat(error.at("/error/code").stringValue()).isEqualTo(code);
        assertThat(error.at("/error/param").asString(null)).isEqualTo(param);
    }
}
