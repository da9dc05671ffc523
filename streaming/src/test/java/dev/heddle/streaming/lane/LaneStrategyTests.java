package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneStrategyTests {
    private final LaneRig rig =
            new LaneRig(new LaneSettings(2, 16, 8, 64, Duration.ofMinutes(10), Duration.ofSeconds(1)));

    @Test
    void noMoreRunsWorkAtOnceThanAreAllowedTo() {
        List<RunKey> runs = admitted(4, Strategy.CONCURRENT);

        assertThat(working(runs)).containsExactly(runs.get(0), runs.get(1));
        rig.work(runs.get(1)).says(answer("done"));
        assertThat(working(runs)).containsExactly(runs.get(0), runs.get(2));
        rig.work(runs.get(0)).says(answer("done"));
        assertThat(working(runs)).containsExactly(runs.get(2), runs.get(3));
    }

    @Test
    void aStoppedRunMakesRoomForTheNext() {
        List<RunKey> runs = admitted(3, Strategy.CONCURRENT);

        rig.stop(runs.get(0));

        assertThat(working(runs)).containsExactly(runs.get(1), runs.get(2));
        rig.isSound(runs.get(0));
    }

    @Test
    void enqueuedRunsWorkOneAfterTheOther() {
        List<RunKey> runs = admitted(3, Strategy.ENQUEUE);

        for (RunKey run : runs) {
            assertThat(working(runs)).containsExactly(run);
            rig.work(run).says(answer("done"));
        }
        rig.isSound(runs.toArray(RunKey[]::new));
    }

    @Test
    void anEnqueuedRunWaitsForEveryEarlierOne() {
        RunKey first = rig.admit(Strategy.CONCURRENT);
        RunKey second = rig.admit(Strategy.CONCURRENT);
        RunKey last = rig.admit(Strategy.ENQUEUE);

        rig.work(second).says(answer("done"));
        assertThat(rig.work(last).isWorking()).isFalse();
        rig.work(first).says(answer("done"));
        assertThat(rig.work(last).isWorking()).isTrue();
    }

    @Test
    void anEnqueuedRunDoesNotWaitForLaterOnes() {
        RunKey first = rig.admit(Strategy.CONCURRENT);
        RunKey enqueued = rig.admit(Strategy.ENQUEUE);
        RunKey later = rig.admit(Strategy.CONCURRENT);
        assertThat(rig.work(later).isWorking()).isTrue();

        rig.work(first).says(answer("done"));

        assertThat(rig.work(enqueued).isWorking()).isTrue();
        assertThat(rig.work(later).isWorking()).isTrue();
    }

    @Test
    void anEnqueuedRunStartsOnlyWhenTheEndBeforeItIsStored() {
        RunKey first = rig.admit(Strategy.CONCURRENT);
        RunKey enqueued = rig.admit(Strategy.ENQUEUE);
        rig.log.hold();

        rig.work(first).says(answer("done"));
        rig.log.releaseOne();
        assertThat(rig.threads.status(first)).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(rig.work(enqueued).begun()).isZero();

        rig.log.release();
        assertThat(rig.work(enqueued).startedSeq()).isEqualTo(rig.stored().size());
    }

    @Test
    void anEnqueuedRunWaitsForAStoppedOneToEnd() {
        RunKey first = rig.admit(Strategy.CONCURRENT);
        RunKey enqueued = rig.admit(Strategy.ENQUEUE);
        rig.log.hold();

        rig.stop(first);
        rig.log.releaseOne();
        assertThat(rig.threads.status(first)).isEqualTo(RunStatus.CANCELLING);
        assertThat(rig.threads.status(enqueued)).isEqualTo(RunStatus.QUEUED);

        rig.log.release();
        assertThat(rig.work(enqueued).isWorking()).isTrue();
    }

    @Test
    void onlyRejectRefusesAndOnlyBesideOthers() {
        assertThat(Strategy.values()).allMatch(strategy -> strategy.admits(0));
        assertThat(Strategy.values())
                .filteredOn(strategy -> !strategy.admits(1))
                .containsExactly(Strategy.REJECT);
        assertThat(Strategy.values())
                .filteredOn(strategy -> !strategy.mayStart(1))
                .containsExactly(Strategy.ENQUEUE, Strategy.INTERRUPT, Strategy.ROLLBACK);
        assertThat(Strategy.values())
                .filteredOn(Strategy::stopsOthers)
                .containsExactly(Strategy.INTERRUPT, Strategy.ROLLBACK);
    }

    private List<RunKey> admitted(int runs, Strategy strategy) {
        return IntStream.range(0, runs).mapToObj(_ -> rig.admit(strategy)).toList();
    }

    private List<RunKey> working(List<RunKey> runs) {
        return runs.stream()
                .filter(run -> rig.work(run).isWorking())
                .filter(run -> rig.threads.status(run) == RunStatus.IN_PROGRESS)
                .toList();
    }
}
