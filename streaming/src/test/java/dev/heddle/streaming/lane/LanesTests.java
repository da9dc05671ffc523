package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When lanes open and close. */
@ExtendWith(QuietLanes.class)
class LanesTests {
    private static final Duration LINGER = LaneRig.SETTINGS.linger();

    private final LaneRig rig = new LaneRig();
    private final ItemId item = ItemId.fresh();

    @Test
    void onlyAThreadThatWasOwnedBeforeIsAskedForItsRuns() {
        rig.work(rig.admit()).says(answer("done"));
        assertThat(rig.ownership.lookUps()).isZero();

        LaneRig next = rig.replaced();
        next.admit();

        assertThat(next.ownership.lookUps()).isOne();
    }

    @Test
    void aLaneClosesWhenItsThreadWasIdleForAWhile() {
        RunKey run = rig.admit();
        rig.pass(LINGER.multipliedBy(3));
        assertThat(rig.lanes.size()).isEqualTo(1);
        rig.work(run).says(answer("done"));
        rig.pass(LINGER.minusMillis(1));
        assertThat(rig.lanes.size()).isEqualTo(1);

        rig.pass(Duration.ofMillis(1));

        assertThat(rig.lanes.size()).isZero();
        assertThat(rig.cache.heldBytes()).isZero();
    }

    @Test
    void aLaneThatWasWokenForNothingCloses() {
        rig.lanes.wake(rig.thread);
        assertThat(rig.lanes.size()).isEqualTo(1);

        rig.pass(LINGER);

        assertThat(rig.lanes.size()).isZero();
    }

    @Test
    void aLaneClosesAfterItsLastRunWasGivenUp() {
        RunKey gone = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.threads.deleteRun(gone);
        rig.lanes.wake(rig.thread);

        rig.pass(LINGER);

        assertThat(rig.lanes.size()).isZero();
    }

    @Test
    void aThreadOfAnotherOwnerKeepsNoLaneHere() {
        rig.threads.ownership(NodeId.fresh()).own(rig.thread, false).block();

        rig.admit();

        assertThat(rig.lanes.size()).isZero();
        assertThat(rig.stored()).isEmpty();
        assertThat(rig.unread()).hasSize(1);
    }

    @Test
    void aThreadThatWasCreatedHereIsTakenOverWithoutAsking() {
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.threads.ownership(rig.node).own(rig.thread, false).block();

        rig.lanes.open(new Handover(rig.thread, OwnedThread.created(rig.node), rig.unread()));

        assertThat(rig.ownership.claims()).isZero();
        assertThat(rig.inbox.reads()).isZero();
        rig.work(run).says(answer("done"));
        assertThat(rig.storedEvents().getFirst()).isEqualTo(new ThreadEvent.OwnerChanged(rig.node, 1));
        assertThat(rig.unread()).isEmpty();
        rig.isSound(run);
    }

    @Test
    void whatIsAskedOfAThreadThatWasTakenOverIsHeard() {
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.threads.ownership(rig.node).own(rig.thread, false).block();
        var created = new Handover(rig.thread, OwnedThread.created(rig.node), rig.unread());

        rig.stop(run);
        rig.lanes.open(created);

        assertThat(rig.eventsOf(run)).last().isInstanceOf(RunEvent.Cancelled.class);
        assertThat(rig.unread()).isEmpty();
        assertThat(rig.storedEvents().getFirst()).isEqualTo(new ThreadEvent.OwnerChanged(rig.node, 1));
    }

    @Test
    void aRequestDuringTheWaitKeepsTheLaneOpen() {
        rig.addMessage("first");
        rig.pass(LINGER.minusMillis(1));
        RunKey run = rig.admit();
        rig.pass(LINGER.multipliedBy(3));

        assertThat(rig.lanes.size()).isEqualTo(1);
        rig.work(run).says(answer("done"));
        assertThat(rig.ownership.claims()).isEqualTo(1);
        rig.isSound(run);
    }

    @Test
    void aWakeRightAtClosingOpensTheNextLane() {
        rig.addMessage("first");
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.time.schedule(() -> rig.lanes.wake(rig.thread), LINGER.toMillis(), TimeUnit.MILLISECONDS);

        rig.pass(LINGER);
        rig.work(run).says(answer("done"));

        rig.isSound(run);
    }

    @Test
    void aWakeWhileTheLaneClosesIsNotLost() {
        RunKey closing = rig.admit();
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.work(closing).onCancel(() -> rig.lanes.wake(rig.thread));

        rig.inbox.breakNext();
        rig.lanes.wake(rig.thread);
        rig.work(run).says(answer("done"));
        rig.work(closing).says(answer("after all"));

        assertThat(rig.work(closing).begun()).isEqualTo(2);
        assertThat(rig.threads.status(closing)).isEqualTo(RunStatus.COMPLETED);
        rig.isSound(closing, run);
    }

    @Test
    void aLaneThatIsReadingItsInboxDoesNotClose() {
        rig.addMessage("first");
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.inbox.hold();
        rig.lanes.wake(rig.thread);

        rig.pass(LINGER.multipliedBy(3));
        assertThat(rig.lanes.size()).isEqualTo(1);
        rig.inbox.release();
        rig.work(run).says(answer("done"));

        rig.isSound(run);
    }

    @Test
    void aLaneWhoseAppendIsUnderWayDoesNotClose() {
        rig.log.hold();
        rig.addMessage("first");

        rig.pass(LINGER.multipliedBy(3));

        assertThat(rig.lanes.size()).isEqualTo(1);
        rig.log.release();
        rig.pass(LINGER);
        assertThat(rig.lanes.size()).isZero();
    }

    @Test
    void aLostWakeCostsASecondAndNoRun() {
        rig.lanes.startSweeping();
        rig.pass(Duration.ofMillis(500));
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);

        rig.pass(Duration.ofSeconds(1));
        rig.work(run).says(answer("done"));

        rig.isSound(run);
    }

    @Test
    void theSweeperOutlivesADatabaseThatIsAway() {
        rig.ownership.failNext(5);
        rig.lanes.startSweeping();
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);

        rig.pass(Duration.ofSeconds(6));

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.IN_PROGRESS);
    }

    @Test
    void closingStopsAllWorkAndEndsNoRun() {
        RunKey run = rig.admit();
        rig.work(run).says(opened(item), said(item, "half"));
        rig.lanes.startSweeping();

        rig.lanes.close();
        rig.stop(run);
        rig.pass(Duration.ofMinutes(20));

        assertThat(rig.work(run).wasCancelled()).isTrue();
        assertThat(rig.eventsOf(run)).hasSize(4);
        assertThat(rig.lanes.size()).isZero();
        assertThat(rig.unread()).hasSize(1);
    }

    @Test
    void closingEndsTheAskingForOwnership() {
        rig.ownership.failNext(Integer.MAX_VALUE);
        rig.admit();
        rig.pass(Duration.ofSeconds(10));

        rig.lanes.close();
        int claims = rig.ownership.claims();
        rig.ownership.failNext(0);
        rig.pass(Duration.ofSeconds(10));

        assertThat(rig.ownership.claims()).isEqualTo(claims);
    }

    @Test
    void closingEndsTheReadingOfTheInbox() {
        rig.addMessage("first");
        rig.inbox.failNext(Integer.MAX_VALUE);
        rig.addMessage("second");

        rig.lanes.close();
        int reads = rig.inbox.reads();
        rig.pass(Duration.ofSeconds(10));

        assertThat(rig.inbox.reads()).isEqualTo(reads);
    }

    @Test
    void afterClosingNothingIsAppendedButWhatWasUnderWay() {
        RunKey run = rig.admit();
        rig.log.hold();
        rig.work(run).says(opened(item));
        rig.work(run).says(said(item, "waits"));

        rig.lanes.close();
        rig.log.release();

        assertThat(rig.eventsOf(run)).hasSize(3).endsWith(opened(item));
    }

    @Test
    void aReaderIsNotShownTheCacheOfALaneThatHasClosed() {
        RunKey run = rig.admit();
        rig.log.hold();
        rig.work(run).says(opened(item));
        rig.lanes.close();
        rig.log.release();
        anotherNodeEnds(run);

        List<LoggedEvent> seen = rig.cache.readThread(rig.thread, 4, 100).block();

        assertThat(seen).hasSize(2);
        assertThat(rig.cache.heldBytes()).isZero();
    }

    private void anotherNodeEnds(RunKey run) {
        rig.threads.dies(rig.node);
        OwnedThread owned =
                rig.threads.ownership(NodeId.fresh()).own(rig.thread, false).block();
        var writer = new TestWriter(rig.threads, rig.thread, owned.epoch(), owned.head());
        writer.store(0, new ThreadEvent.OwnerChanged(owned.node(), owned.epoch()));
        writer.store(0, new ThreadEvent.OwnerChanged(owned.node(), owned.epoch()));
        assertThat(rig.eventsOf(run)).hasSize(3);
    }
}
