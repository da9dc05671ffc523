package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLanes.class)
class LaneStopTests {
    private final LaneRig rig = new LaneRig();
    private final ItemId item = ItemId.fresh();

    @Test
    void aWorkingRunThatIsStoppedKeepsWhatItSaid() {
        RunKey run = rig.admit();
        rig.work(run).says(opened(item), said(item, "Half "), said(item, "an"));

        rig.stop(run);

        assertThat(rig.work(run).wasCancelled()).isTrue();
        assertThat(rig.eventsOf(run).subList(5, 8))
                .containsExactly(
                        new RunEvent.StopRequested(StopCause.CLIENT),
                        new RunEvent.ItemClosed(
                                0,
                                item,
                                ItemStatus.RUN_CANCELLED,
                                Item.Message.of(Role.ASSISTANT, "Half an"),
                                Usage.NONE),
                        new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));
        assertThat(rig.unread()).isEmpty();
        rig.isSound(run);
    }

    @Test
    void aStoppedRunCostsWhatItsModelCallsHaveCost() {
        RunKey run = rig.admit();
        rig.work(run).says(answer("one").subList(0, 5));

        rig.stop(run);

        assertThat(rig.lastOf(run)).isEqualTo(new RunEvent.Cancelled(StopCause.CLIENT, new Usage(7, 5)));
    }

    @Test
    void aWaitingRunThatIsStoppedNeverWorks() {
        RunKey first = rig.admit();
        RunKey waiting = rig.admit(Strategy.ENQUEUE);

        rig.stop(waiting);
        rig.work(first).says(answer("done"));

        assertThat(rig.eventsOf(waiting))
                .containsExactly(
                        new RunEvent.Admitted(),
                        new RunEvent.StopRequested(StopCause.CLIENT),
                        new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));
        assertThat(rig.work(waiting).begun()).isZero();
        rig.isSound(first, waiting);
    }

    @Test
    void aRunThatIsStoppedBeforeItIsLoggedNeverWorks() {
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.stop(run);

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.CANCELLED);
        assertThat(rig.work(run).begun()).isZero();
        rig.isSound(run);
    }

    @Test
    void aRunThatIsStoppedBetweenStartAndWorkNeverWorks() {
        rig.log.hold();
        RunKey run = rig.admit();
        rig.log.releaseOne();
        assertThat(rig.log.appends().getLast().events()).hasSize(2);

        rig.stop(run);
        rig.log.release();

        assertThat(rig.eventsOf(run)).hasSize(4);
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.CANCELLED);
        assertThat(rig.work(run).begun()).isZero();
        rig.isSound(run);
    }

    @Test
    void aStopThatComesBeforeTheEndWins() {
        RunKey run = rig.admit();
        rig.work(run).says(opened(item), said(item, "almost"));
        rig.log.hold();
        rig.stop(run);
        rig.log.release();

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.CANCELLED);
        assertThat(rig.work(run).wasCancelled()).isTrue();
        rig.isSound(run);
    }

    @Test
    void aStopThatComesAfterTheEndWasHeardLoses() {
        RunKey run = rig.admit();
        rig.log.hold();
        rig.work(run).says(answer("done"));
        rig.stop(run);
        rig.log.release();

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.COMPLETED);
        assertThat(rig.eventsOf(run)).doesNotContain(new RunEvent.StopRequested(StopCause.CLIENT));
        assertThat(rig.unread()).isEmpty();
        rig.isSound(run);
    }

    @Test
    void aStopOfARunThatHasEndedIsDiscarded() {
        RunKey run = rig.admit();
        rig.work(run).says(answer("done"));

        rig.stop(run);

        assertThat(rig.unread()).isEmpty();
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.COMPLETED);
        rig.isSound(run);
    }

    @Test
    void aFormerOwnerThatDoesNotKnowItDoesNotDiscardTheStopOfARunItNeverSaw() {
        rig.addMessage("first");
        LaneRig next = rig.replaced();
        RunKey run = next.admit();
        next.inbox.hold();
        rig.threads.askStop(run, StopCause.CLIENT);

        rig.lanes.wake(rig.thread);
        assertThat(rig.unread()).hasSize(1);
        next.lanes.wake(next.thread);
        next.inbox.release();

        assertThat(next.threads.status(run)).isEqualTo(RunStatus.CANCELLED);
        next.isSound(run);
    }

    @Test
    void whatTheWorkSaysDuringTheStopIsNotHeard() {
        RunKey run = rig.admit();
        rig.work(run).says(opened(item));
        rig.log.hold();
        rig.work(run).says(said(item, "heard"));
        rig.stop(run);
        rig.work(run).says(said(item, "unheard"), completed());
        rig.log.release();

        assertThat(rig.eventsOf(run)).contains(said(item, "heard")).doesNotContain(said(item, "unheard"), completed());
        rig.isSound(run);
    }

    @Test
    void stoppingTwiceStopsOnce() {
        RunKey run = rig.admit();
        rig.threads.askStop(run, StopCause.CLIENT);
        rig.stop(run);

        assertThat(rig.eventsOf(run))
                .containsOnlyOnce(new RunEvent.StopRequested(StopCause.CLIENT))
                .hasSize(4);
        assertThat(rig.unread()).isEmpty();
        rig.isSound(run);
    }

    @Test
    void aRunExpiresWhenItsTimeIsUp() {
        RunKey run = rig.admit();
        RunKey other = rig.admit(Strategy.ENQUEUE);
        rig.work(run).says(opened(item), said(item, "slow"));
        rig.pass(LaneRig.SETTINGS.runExpiry().minusMillis(1));
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.IN_PROGRESS);

        rig.pass(Duration.ofMillis(1));

        assertThat(rig.eventsOf(run).subList(4, 7))
                .containsExactly(
                        new RunEvent.StopRequested(StopCause.EXPIRY),
                        new RunEvent.ItemClosed(
                                0, item, ItemStatus.RUN_EXPIRED, Item.Message.of(Role.ASSISTANT, "slow"), Usage.NONE),
                        new RunEvent.Expired(Usage.NONE));
        assertThat(rig.work(run).wasCancelled()).isTrue();
        assertThat(rig.work(other).isWorking()).isTrue();
        rig.isSound(run);
    }

    @Test
    void timeSpentWaitingDoesNotExpireARun() {
        RunKey first = rig.admit();
        RunKey waiting = rig.admit(Strategy.ENQUEUE);
        rig.pass(LaneRig.SETTINGS.runExpiry());
        assertThat(rig.threads.status(first)).isEqualTo(RunStatus.EXPIRED);

        rig.pass(LaneRig.SETTINGS.runExpiry().minusMillis(1));

        assertThat(rig.threads.status(waiting)).isEqualTo(RunStatus.IN_PROGRESS);
    }

    @Test
    void aRunThatHasEndedDoesNotExpire() {
        RunKey run = rig.admit();
        rig.work(run).says(answer("done"));
        int events = rig.stored().size();

        rig.pass(LaneRig.SETTINGS.runExpiry().multipliedBy(2));

        assertThat(rig.stored()).hasSize(events);
    }
}
