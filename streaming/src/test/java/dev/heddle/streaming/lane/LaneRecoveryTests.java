package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.EXPIRES_AT;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node died; another one opens a lane over what it had stored. */
@ExtendWith(QuietLanes.class)
class LaneRecoveryTests {
    private final LaneRig rig = new LaneRig();
    private final ItemId item = ItemId.fresh();
    private final NodeId dead = NodeId.fresh();
    private final TestWriter former = former();

    @Test
    void aRunThatHadShownNothingGoesOn() {
        RunKey run = logged(Strategy.CONCURRENT, admitted(), started());

        rig.lanes.wake(rig.thread);
        rig.work(run).says(answer("done"));

        assertThat(rig.work(run).startedSeq()).isEqualTo(2);
        assertThat(rig.eventsOf(run)).hasSize(life("done").length).endsWith(completed());
        rig.isSound(run);
    }

    @Test
    void aModelCallThatHadShownNothingIsMadeOnceMore() {
        RunKey run = logged(Strategy.CONCURRENT, admitted(), started(), new RunEvent.ModelCallStarted(0));

        rig.lanes.wake(rig.thread);
        rig.work(run).says(answer("done"));

        assertThat(rig.eventsOf(run).subList(2, 4))
                .containsExactly(new RunEvent.ModelCallStarted(0), new RunEvent.ModelCallStarted(0));
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.COMPLETED);
        rig.isSound(run);
    }

    @Test
    void aRunThatGoesOnExpiresAtTheTimeItStartedWith() {
        RunKey run = logged(Strategy.CONCURRENT, admitted(), started());
        rig.lanes.wake(rig.thread);
        Duration rest = Duration.between(new VirtualClock(rig.time).instant(), EXPIRES_AT);

        rig.pass(rest.minusMillis(1));
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.IN_PROGRESS);
        rig.pass(Duration.ofMillis(1));

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.EXPIRED);
        rig.isSound(run);
    }

    @Test
    void aRunWhoseTimeRanOutMeanwhileExpires() {
        RunKey run = logged(Strategy.CONCURRENT, admitted(), started());
        rig.pass(Duration.ofDays(2));

        rig.lanes.wake(rig.thread);
        rig.pass(Duration.ofMillis(1));

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.EXPIRED);
        rig.isSound(run);
    }

    @Test
    void aRunThatIsStoppedWhileItsEventsAreReadDoesNotGoOn() {
        RunKey run = logged(Strategy.CONCURRENT, admitted(), started());
        rig.log.holdReads();
        rig.lanes.wake(rig.thread);

        rig.stop(run);
        rig.log.releaseReads();

        assertThat(rig.work(run).begun()).isZero();
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.CANCELLED);
        rig.isSound(run);
    }

    @Test
    void moreRunsThanThereArePlacesGoOnOneAfterTheOther() {
        RunKey first = rig.admit();
        RunKey second = rig.admit();
        RunKey third = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        LaneRig next = rig.replaced(new LaneSettings(1, 16, 8, 64, Duration.ofMinutes(10), Duration.ofSeconds(1)));

        next.lanes.wake(next.thread);
        assertThat(next.work(first).isWorking()).isTrue();
        assertThat(next.work(second).begun()).isZero();
        next.work(first).says(answer("done"));
        assertThat(next.work(second).isWorking()).isTrue();
        assertThat(next.work(third).begun()).isZero();
        next.work(second).says(answer("done"));
        next.work(third).says(answer("done"));

        next.isSound(first, second, third);
    }

    @Test
    void aRunThatHadSaidSomethingEndsAsFailedWithIt() {
        RunKey run = logged(Strategy.CONCURRENT, admitted(), started(), opened(item), said(item, "a"), said(item, "b"));

        rig.lanes.wake(rig.thread);

        assertThat(rig.eventsOf(run).get(5))
                .isEqualTo(new RunEvent.ItemClosed(
                        0, item, ItemStatus.RUN_FAILED, Item.Message.of(Role.ASSISTANT, "ab"), Usage.NONE));
        assertThat(rig.lastOf(run)).isInstanceOf(RunEvent.Failed.class);
        assertThat(rig.work(run).begun()).isZero();
        rig.isSound(run);
    }

    @Test
    void aLongRunIsFoldedWhole() {
        var events = new ArrayList<RunEvent>(List.of(admitted(), started(), opened(item)));
        for (int i = 0; i < 2000; i++) {
            events.add(said(item, "x"));
        }
        RunKey run = logged(Strategy.CONCURRENT, events.toArray(RunEvent[]::new));

        rig.lanes.wake(rig.thread);

        assertThat(rig.eventsOf(run))
                .contains(new RunEvent.ItemClosed(
                        0, item, ItemStatus.RUN_FAILED, Item.Message.of(Role.ASSISTANT, "x".repeat(2000)), Usage.NONE));
        rig.isSound(run);
    }

    @Test
    void aRunThatWasWaitingStarts() {
        RunKey begun = logged(Strategy.CONCURRENT, admitted(), started(), opened(item));
        RunKey waiting = logged(Strategy.ENQUEUE, admitted());

        rig.lanes.wake(rig.thread);
        rig.work(waiting).says(answer("done"));

        assertThat(rig.threads.status(begun)).isEqualTo(RunStatus.FAILED);
        assertThat(rig.threads.status(waiting)).isEqualTo(RunStatus.COMPLETED);
        rig.isSound(begun, waiting);
    }

    @Test
    void aRunWhoseStopWasLoggedEndsAsStopped() {
        RunKey client = logged(
                Strategy.CONCURRENT,
                admitted(),
                started(),
                opened(item),
                said(item, "half"),
                new RunEvent.StopRequested(StopCause.CLIENT));
        RunKey expired =
                logged(Strategy.CONCURRENT, admitted(), started(), new RunEvent.StopRequested(StopCause.EXPIRY));
        RunKey waiting = logged(Strategy.ENQUEUE, admitted(), new RunEvent.StopRequested(StopCause.LATER_RUN));

        rig.lanes.wake(rig.thread);

        assertThat(rig.lastOf(client)).isEqualTo(new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));
        assertThat(rig.lastOf(expired)).isEqualTo(new RunEvent.Expired(Usage.NONE));
        assertThat(rig.lastOf(waiting)).isEqualTo(new RunEvent.Cancelled(StopCause.LATER_RUN, Usage.NONE));
        rig.isSound(client, expired, waiting);
    }

    @Test
    void aRunThatLackedNothingButItsEndGoesOnToIt() {
        RunEvent[] life = life("whole");
        RunKey run = logged(
                Strategy.CONCURRENT, List.of(life).subList(0, life.length - 1).toArray(RunEvent[]::new));

        rig.lanes.wake(rig.thread);
        rig.work(run).says(completed());

        assertThat(rig.eventsOf(run)).containsExactly(life);
        rig.isSound(run);
    }

    @Test
    void aRunWhoseItemsAreClosedButNotItsModelCallEndsWithoutOneMore() {
        RunEvent[] life = life("whole");
        RunKey run = logged(
                Strategy.CONCURRENT, List.of(life).subList(0, life.length - 2).toArray(RunEvent[]::new));

        rig.lanes.wake(rig.thread);

        assertThat(rig.eventsOf(run)).hasSize(life.length - 1);
        assertThat(rig.lastOf(run)).isInstanceOf(RunEvent.Failed.class);
        assertThat(rig.work(run).begun()).isZero();
        rig.isSound(run);
    }

    @Test
    void aRunThatHadEndedIsLeftAlone() {
        RunKey run = logged(Strategy.CONCURRENT, life("done"));

        rig.lanes.wake(rig.thread);

        assertThat(rig.eventsOf(run)).hasSize(life("done").length);
        assertThat(rig.storedEvents().getLast()).isEqualTo(new ThreadEvent.OwnerChanged(rig.node, 2));
    }

    @Test
    void aRequestTheFormerOwnerHadNotReadIsTaken() {
        RunKey waiting = logged(Strategy.CONCURRENT, admitted());
        RunKey unread = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.threads.askStop(unread, StopCause.CLIENT);

        rig.lanes.wake(rig.thread);
        rig.work(waiting).says(answer("done"));

        assertThat(rig.threads.status(unread)).isEqualTo(RunStatus.CANCELLED);
        rig.isSound(waiting, unread);
    }

    @Test
    void aStopOfAWaitingRunIsHeardBeforeTheRunWorks() {
        RunKey waiting = logged(Strategy.CONCURRENT, admitted());
        rig.threads.askStop(waiting, StopCause.CLIENT);
        rig.inbox.hold();

        rig.lanes.wake(rig.thread);
        rig.inbox.release();

        assertThat(rig.threads.status(waiting)).isEqualTo(RunStatus.CANCELLED);
        assertThat(rig.work(waiting).begun()).isZero();
        rig.isSound(waiting);
    }

    @Test
    void nobodyNeedsToAskForARunOfADeadOwner() {
        RunKey run = logged(Strategy.CONCURRENT, admitted(), started());

        rig.lanes.startSweeping();
        rig.pass(Duration.ofSeconds(1));
        rig.work(run).says(answer("done"));

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.COMPLETED);
        rig.isSound(run);
    }

    private RunKey logged(Strategy strategy, RunEvent... events) {
        RunKey run = rig.threads.admit(rig.thread, strategy);
        Long entry = rig.unread().getFirst().id();
        former.send(TestWriter.consuming(former.next(run, events), entry));
        return run;
    }

    private TestWriter former() {
        OwnedThread owned = rig.threads.ownership(dead).own(rig.thread, false).block();
        rig.threads.dies(dead);
        return new TestWriter(rig.threads, rig.thread, owned.epoch());
    }
}
