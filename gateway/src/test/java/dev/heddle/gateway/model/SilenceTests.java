package dev.heddle.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

class SilenceTests {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Silence silence = new Silence(
            new UpstreamSettings.Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(10)), time);
    private final TestSubscriber<Void> alarm = TestSubscriber.create();

    SilenceTests() {
        silence.alarm().subscribe(alarm);
    }

    @Test
    void theFirstByteIsWaitedForFromWhenTheRequestLeft() {
        pass(300);
        silence.requestSent();

        pass(59);
        assertThat(alarm.isTerminated()).isFalse();
        pass(1);

        assertThat(alarm.expectTerminalError()).hasMessageContaining("nothing for 60 s");
    }

    @Test
    void theFirstByteIsWaitedForEvenWithoutDemand() {
        silence.requestSent();
        pass(60);

        assertThat(alarm.isTerminatedError()).isTrue();
    }

    @Test
    void laterOnlySilenceTowardsSomebodyWhoWaitsCounts() {
        silence.requestSent();
        silence.heard();

        pass(1_000);
        silence.asked(2);
        pass(9);
        assertThat(alarm.isTerminated()).isFalse();
        pass(1);

        assertThat(alarm.expectTerminalError()).hasMessageContaining("nothing for 10 s");
    }

    @Test
    void demandThatIsMetDoesNotWait() {
        silence.requestSent();
        silence.asked(2);
        silence.heard();
        silence.given();
        silence.given();
        pass(1_000);

        assertThat(alarm.isTerminated()).isFalse();
    }

    @Test
    void everySignOfLifeCounts() {
        silence.requestSent();
        silence.asked(Long.MAX_VALUE);
        for (int i = 0; i < 100; i++) {
            silence.heard();
            pass(9);
        }
        assertThat(alarm.isTerminated()).isFalse();

        pass(1);

        assertThat(alarm.isTerminatedError()).isTrue();
    }

    @Test
    void anAnswerThatIsWholeMayBeFollowedBySilence() {
        silence.requestSent();
        silence.asked(Long.MAX_VALUE);
        silence.heard();
        silence.answered();
        pass(1_000);

        assertThat(alarm.isTerminated()).isFalse();
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
