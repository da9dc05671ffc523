package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.asks;
import static dev.heddle.streaming.run.TestRuns.opened;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs that take the place of earlier ones, and the turns that are withdrawn for it. */
@ExtendWith(QuietLanes.class)
class LaneWithdrawalTests {
    private final LaneRig rig = new LaneRig();

    @Test
    void anInterruptingRunStartsWhenAllEarlierOnesHaveEnded() {
        RunKey working = rig.admit();
        rig.work(working).says(opened(ItemId.fresh()));
        RunKey paused = rig.admit();
        rig.work(paused).says(asks(0, 0, CallId.fresh()));
        RunKey queued = rig.admit(Strategy.ENQUEUE);
        rig.log.hold();

        RunKey interrupting = instead(Strategy.INTERRUPT);
        rig.log.releaseOne();
        assertThat(rig.threads.status(working)).isEqualTo(RunStatus.CANCELLING);
        assertThat(rig.work(interrupting).begun()).isZero();
        rig.log.release();

        assertThat(List.of(working, paused, queued))
                .allMatch(run -> rig.lastOf(run) instanceof RunEvent.Cancelled cancelled
                        && cancelled.cause() == StopCause.LATER_RUN);
        assertThat(rig.work(queued).begun()).isZero();
        assertThat(rig.work(interrupting).isWorking()).isTrue();
        assertThat(withdrawals()).isEmpty();
        rig.isSound(working, paused, queued);
    }

    @Test
    void withdrawnTurnsAreLoggedBehindTheLastEventOfTheirRuns() {
        RunKey first = rig.admit();
        RunKey second = rig.admit();
        rig.log.hold();

        RunKey instead = instead(Strategy.ROLLBACK);
        rig.log.release();

        List<ThreadEvent> log = rig.storedEvents();
        int withdrawn = log.indexOf(new ThreadEvent.TurnsWithdrawn(List.of(first.turn(), second.turn())));
        assertThat(withdrawn).isGreaterThan(endOf(first)).isGreaterThan(endOf(second));
        assertThat(rig.work(instead).startedSeq()).isGreaterThan(endOf(second) + 1L);
        assertThat(withdrawals()).hasSize(1);
        assertThat(rig.unread()).isEmpty();
        rig.isSound(first, second);
    }

    @Test
    void aRunThatCompletesMeanwhileIsWithdrawnToo() {
        RunKey run = rig.admit();
        rig.log.hold();
        rig.work(run).says(answer("done"));

        RunKey instead = instead(Strategy.ROLLBACK);
        rig.log.release();

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.COMPLETED);
        assertThat(withdrawals()).containsExactly(new ThreadEvent.TurnsWithdrawn(List.of(run.turn())));
        assertThat(rig.storedEvents().indexOf(withdrawals().getFirst())).isGreaterThan(endOf(run));
        assertThat(rig.work(instead).isWorking()).isTrue();
    }

    @Test
    void oneRunThatStillWorksHoldsBackTheWithdrawalOfAll() {
        RunKey ended = rig.admit();
        RunKey working = rig.admit();
        rig.threads.withdraw(rig.thread, ended, working);
        rig.lanes.wake(rig.thread);
        rig.work(ended).says(answer("done"));
        rig.addMessage("overtakes");
        assertThat(withdrawals()).isEmpty();
        assertThat(rig.unread()).hasSize(1);

        rig.work(working).says(answer("done"));

        assertThat(rig.storedEvents().getLast()).isEqualTo(withdrawals().getFirst());
        assertThat(rig.unread()).isEmpty();
    }

    @Test
    void turnsWhoseRunsHaveEndedLongAgoAreWithdrawnAtOnce() {
        RunKey run = rig.admit();
        rig.work(run).says(answer("done"));
        rig.pass(Duration.ofSeconds(3));

        rig.threads.withdraw(rig.thread, run);
        rig.lanes.wake(rig.thread);

        assertThat(withdrawals()).hasSize(1);
    }

    @Test
    void theNextOwnerWithdrawsWhatTheFormerHadNot() {
        RunKey run = rig.admit();
        rig.log.hold();
        RunKey instead = instead(Strategy.ROLLBACK);
        LaneRig next = rig.replaced();

        next.lanes.wake(next.thread);
        rig.log.release();

        assertThat(withdrawals()).hasSize(1);
        assertThat(rig.storedEvents().indexOf(withdrawals().getFirst())).isGreaterThan(endOf(run));
        assertThat(next.work(instead).isWorking()).isTrue();
        next.isSound(run);
    }

    @Test
    void theTurnOfARunThatIsGoneIsWithdrawn() {
        RunKey gone = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.threads.withdraw(rig.thread, gone);
        rig.threads.deleteRun(gone);

        rig.lanes.wake(rig.thread);

        assertThat(withdrawals()).hasSize(1);
        assertThat(rig.unread()).isEmpty();
    }

    private RunKey instead(Strategy strategy) {
        RunKey run = rig.threads.admitInstead(rig.thread, strategy).run();
        rig.lanes.wake(rig.thread);
        return run;
    }

    private int endOf(RunKey run) {
        return rig.storedEvents()
                .indexOf(rig.stored().stream()
                        .filter(event -> event.isOf(run.id()) && event.endsRun())
                        .findFirst()
                        .orElseThrow()
                        .event());
    }

    private List<ThreadEvent> withdrawals() {
        return rig.storedEvents().stream()
                .filter(ThreadEvent.TurnsWithdrawn.class::isInstance)
                .toList();
    }
}
