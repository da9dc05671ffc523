package dev.heddle.streaming.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A thousand threads on which everything happens at once, in an order drawn by lot. A schedule is a function of its
 * seed: {@code -Dheddle.schedules.seed=… -Dheddle.schedules.count=1} plays the one that failed again.
 */
@ExtendWith(QuietLanes.class)
class RandomSchedulesTests {
    private static final long SEED = Long.getLong("heddle.schedules.seed", System.nanoTime());
    private static final int COUNT = Integer.getInteger("heddle.schedules.count", 1000);

    @Test
    void whateverTheScheduleEveryReaderSeesOneOrderAndEveryRunOneEnd(TestReporter reporter) {
        reporter.publishEntry("heddle.schedules.seed", String.valueOf(SEED));
        for (int i = 0; i < COUNT; i++) {
            play(SEED + i);
        }
    }

    @Test
    void aScheduleIsAFunctionOfItsSeed() {
        for (int i = 0; i < 10; i++) {
            assertThat(play(SEED + i)).isEqualTo(play(SEED + i));
        }
    }

    private static List<String> play(long seed) {
        try {
            return new Schedule(seed).play();
        } catch (Throwable failure) {
            throw new AssertionError(
                    "Play again: -Dheddle.schedules.seed=%d -Dheddle.schedules.count=1".formatted(seed), failure);
        }
    }
}
