package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;

import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import reactor.test.StepVerifier;

/** Streams from POST to the last frame, and back in. */
class StreamsTests {
    private final Facade facade = Facade.open();
    private final String thread = facade.newThread();

    @Test
    void aStreamedRunIsToldToItsEnd() {
        var frames = startAndFinish("/v1/threads/" + thread + "/runs", "");

        frames.forEach(OpenAiSchema::checkFrame);
        assertThat(events(frames))
                .containsExactly(
                        "thread.run.created",
                        "thread.run.queued",
                        "thread.run.in_progress",
                        "thread.run.step.created",
                        "thread.run.step.in_progress",
                        "thread.message.created",
                        "thread.message.in_progress",
                        "thread.message.delta",
                        "thread.message.delta",
                        "thread.message.completed",
                        "thread.run.step.completed",
                        "thread.run.completed",
                        "done");
    }

    @Test
    void aThreadAndItsRunAreStreamedTogether() {
        var frames = startAndFinish(
                "/v1/threads/runs", ",\"thread\":{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}");

        frames.forEach(OpenAiSchema::checkFrame);
        assertThat(events(frames))
                .startsWith("thread.created", "thread.run.created")
                .endsWith("done");
        assertThat(frames.getFirst()).startsWith("event: thread.created\n");
        assertThat(facade.store.items).hasSize(2);
    }

    @Test
    void whoComesBackIsGivenTheSameBytes() {
        var frames = startAndFinish("/v1/threads/" + thread + "/runs", "");
        var run = "/v1/threads/" + thread + "/runs/"
                + OpenAiIds.run(facade.store.onlyRun().id());

        assertThat(facade.stream(GET, run + "/events", "")).isEqualTo(frames);
        assertThat(facade.stream(GET, run + "/events?after=3.1", "")).isEqualTo(frames.subList(5, frames.size()));
        assertThat(facade.stream(GET, run + "/events?after=3", "")).isEqualTo(frames.subList(7, frames.size()));
    }

    @Test
    void aTicketOpensTheStreamOfItsRunOnce() {
        var frames = startAndFinish("/v1/threads/" + thread + "/runs", "");
        var key = facade.store.onlyRun();
        var scope = new Tickets.Scope(key.thread(), Optional.of(key.id()));
        String ticket =
                facade.tickets.issue(scope, Duration.ofMinutes(1)).block().text();
        String path = "/v1/threads/" + thread + "/runs/" + OpenAiIds.run(key.id()) + "/events?ticket=" + ticket;

        assertThat(facade.stream(GET, path, "")).isEqualTo(frames);
        facade.refused(401, GET, path, "");
    }

    @Test
    void theHeaderOfAReconnectWinsOverTheAddress() {
        var frames = startAndFinish("/v1/threads/" + thread + "/runs", "");
        var run = "/v1/threads/" + thread + "/runs/"
                + OpenAiIds.run(facade.store.onlyRun().id());

        StepVerifier.create(facade.follow(run + "/events?after=0.0", "3.1"))
                .expectNextSequence(frames.subList(5, frames.size()))
                .verifyComplete();
    }

    @Test
    void anEventThatNeverHappenedIsNoCursor() {
        startAndFinish("/v1/threads/" + thread + "/runs", "");
        var run = "/v1/threads/" + thread + "/runs/"
                + OpenAiIds.run(facade.store.onlyRun().id());

        for (String cursor : List.of("99", "99.0", "x", "-1", "1.x")) {
            var error = facade.refused(400, GET, run + "/events?after=" + cursor, "");
            assertThat(error.get("param").stringValue()).isEqualTo("after");
        }
    }

    @Test
    void aReaderInTheMiddleOfARunGetsTheRestWhenItHappens() {
        var run = facade.newRun(thread);
        var key = facade.store.onlyRun();

        StepVerifier.create(facade.follow(run + "/events", ""))
                .expectNextCount(2)
                .then(() -> facade.store.emit(key, TestRuns.started()))
                .assertNext(frame -> assertThat(frame).startsWith("id: 1.0\nevent: thread.run.in_progress\n"))
                .then(() -> facade.store.emit(key, new RunEvent.Completed(Usage.NONE)))
                .expectNextCount(2)
                .verifyComplete();
    }

    @Test
    void aReaderWhoGoesIsForgottenAndTheRunGoesOn() {
        var run = facade.newRun(thread);
        var key = facade.store.onlyRun();

        StepVerifier.create(facade.follow(run + "/events", ""))
                .expectNextCount(2)
                .thenCancel()
                .verify(Duration.ofSeconds(5));
        facade.store.emit(key, TestRuns.started(), new RunEvent.Completed(Usage.NONE));

        assertThat(facade.store.doorbell.followers()).isZero();
        assertThat(facade.get(run).get("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void forgottenEventsEndTheStreamWithAnError() {
        var run = facade.newRun(thread);
        var key = facade.store.onlyRun();
        facade.store.emit(key, TestRuns.started(), new RunEvent.Completed(Usage.NONE));
        facade.store.log.forget(key.thread(), 2);

        var frames = facade.stream(GET, run + "/events", "");

        assertThat(events(frames)).containsExactly("error", "done");
        assertThat(frames.getFirst()).contains("\"error\":{").contains("events_expired");
    }

    @Test
    void aLogThatCannotBeEndsTheStreamWithAnError() {
        facade.store.emit(Sample.RUN, TestRuns.admitted(), TestRuns.started(), TestRuns.started());
        var stream = new RunStream(new RunFeed(facade.store.log, facade.store.doorbell), Sample.cache(), Sample.EXPIRY);

        StepVerifier.create(stream.frames(Sample.run(), FrameId.START).map(SseFrame::toString))
                .expectNextCount(3)
                .assertNext(
                        frame -> assertThat(frame).startsWith("event: error\n").contains("server_error"))
                .expectNext("event: done\ndata: [DONE]\n\n")
                .verifyComplete();
    }

    /** Starts a streamed run, lets it answer "Hello" as soon as it is there, and reads its stream. */
    private List<String> startAndFinish(String path, String more) {
        var body = "{\"assistant_id\":\"" + facade.newAssistant() + "\",\"stream\":true" + more + "}";
        facade.store.onAdmission(run -> {
            facade.store.emit(run, TestRuns.started());
            TestRuns.answer("Hel", "lo").forEach(event -> facade.store.emit(run, event));
        });
        return facade.stream(HttpMethod.POST, path, body);
    }

    private static List<String> events(List<String> frames) {
        return frames.stream()
                .map(frame -> frame.lines()
                        .filter(line -> line.startsWith("event: "))
                        .findFirst()
                        .orElseThrow())
                .map(line -> line.substring("event: ".length()))
                .toList();
    }
}
