package dev.heddle.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What a stream says when, by a clock of the test's own. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SseTests {
    private static final String OPEN = ": open\n\n";
    private static final String PING = ": ping\n\n";

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final Sse sse = new Sse(Duration.ofSeconds(15), clock);

    @Test
    void aFrameIsItsLinesAndABlankOne() {
        assertThat(SseFrame.of("7", "x", Json.utf8("{}"))).hasToString("id: 7\nevent: x\ndata: {}\n\n");
        assertThat(SseFrame.of("x", Json.utf8("{}"))).hasToString("event: x\ndata: {}\n\n");
    }

    @Test
    void aStreamOpensAtOnceAndEndsWithItsFrames() {
        StepVerifier.create(streamOf(Flux.just("a", "b")))
                .expectNext(OPEN, frame("a"), frame("b"))
                .verifyComplete();
    }

    @Test
    void aSilenceIsBrokenEveryFifteenSeconds() {
        StepVerifier.create(streamOf(Flux.never()))
                .expectNext(OPEN)
                .then(() -> clock.advanceTimeBy(Duration.ofMillis(14_999)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> clock.advanceTimeBy(Duration.ofMillis(1)))
                .expectNext(PING)
                .then(() -> clock.advanceTimeBy(Duration.ofSeconds(30)))
                .expectNext(PING, PING)
                .thenCancel()
                .verify();
    }

    @Test
    void aSilenceBeginsBehindTheLastFrame() {
        var frames = TestPublisher.<String>create();

        StepVerifier.create(streamOf(frames.flux()))
                .expectNext(OPEN)
                .then(() -> clock.advanceTimeBy(Duration.ofSeconds(10)))
                .then(() -> frames.next("a"))
                .expectNext(frame("a"))
                .then(() -> clock.advanceTimeBy(Duration.ofMillis(14_999)))
                .then(() -> frames.next("b"))
                .expectNext(frame("b"))
                .then(() -> clock.advanceTimeBy(Duration.ofSeconds(15)))
                .expectNext(PING)
                .then(frames::complete)
                .verifyComplete();
    }

    @Test
    void nothingTicksForAStreamThatIsOver() {
        var frames = Sinks.empty();
        StepVerifier.create(streamOf(frames.asMono().cast(String.class).flux()))
                .expectNext(OPEN)
                .then(frames::tryEmitEmpty)
                .verifyComplete();
        StepVerifier.create(streamOf(Flux.never()))
                .expectNext(OPEN)
                .thenCancel()
                .verify();
        long timers = clock.getScheduledTaskCount();
        clock.advanceTimeBy(Duration.ofHours(1));

        assertThat(clock.getScheduledTaskCount()).isEqualTo(timers);
    }

    @Test
    void aReaderWhoAsksForNothingIsPreparedAFewFramesAndNoMore() {
        var frames = TestPublisher.<String>create();

        StepVerifier.create(streamOf(frames.flux()), 1)
                .expectNext(OPEN)
                .then(() -> frames.assertMaxRequested(32))
                .then(() -> clock.advanceTimeBy(Duration.ofHours(10)))
                .thenCancel()
                .verify();
        frames.assertCancelled();
    }

    private Flux<String> streamOf(Flux<String> names) {
        return sse.withHeartbeat(names.map(name -> SseFrame.of(name, Json.utf8("1"))))
                .map(SseFrame::toString);
    }

    private static String frame(String name) {
        return "event: " + name + "\ndata: 1\n\n";
    }
}
