package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.feed.Reader;
import dev.heddle.streaming.feed.ThreadFeed;
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
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a lane does when its appends are not simply stored. */
@ExtendWith(QuietLanes.class)
class LaneLogTests {
    private static final String POISON = "unstorable";

    private final LaneRig rig = new LaneRig();
    private final ItemId item = ItemId.fresh();

    @Test
    void aRunWhoseEventIsRefusedFailsAloneAndKeepsItsStoredText() {
        List<RunKey> runs = Stream.generate(rig::admit).limit(3).toList();
        runs.forEach(run -> rig.work(run).says(opened(item), said(item, "stored ")));
        rig.log.refuse(POISON);
        rig.log.hold();
        rig.work(runs.get(0)).says(said(item, "a"));
        rig.work(runs.get(1)).says(said(item, "b"), said(item, POISON), said(item, "c"));
        rig.work(runs.get(2)).says(said(item, "d"));
        rig.work(runs.get(0)).says(said(item, "e"));
        rig.log.release();

        assertThat(rig.eventsOf(runs.get(1)).subList(4, 6)).containsExactly(cut("stored "), rig.lastOf(runs.get(1)));
        assertThat(rig.lastOf(runs.get(1))).isInstanceOf(RunEvent.Failed.class);
        assertThat(rig.work(runs.get(1)).wasCancelled()).isTrue();
        assertThat(rig.eventsOf(runs.get(0))).endsWith(said(item, "a"), said(item, "e"));
        assertThat(rig.eventsOf(runs.get(2))).endsWith(said(item, "d"));
        runs.forEach(run -> rig.work(run).says(answer("and on")));
        assertThat(rig.threads.status(runs.get(0))).isEqualTo(RunStatus.COMPLETED);
        assertThat(rig.threads.status(runs.get(2))).isEqualTo(RunStatus.COMPLETED);
        rig.isSound(runs.toArray(RunKey[]::new));
    }

    @Test
    void twoRefusedRunsOfOneAppendFailAndTheThirdGoesOn() {
        List<RunKey> runs = Stream.generate(rig::admit).limit(3).toList();
        runs.forEach(run -> rig.work(run).says(opened(item)));
        rig.log.refuse(POISON);
        rig.log.hold();
        rig.work(runs.get(0)).says(said(item, "ok"));
        for (int i = 0; i < 3; i++) {
            rig.work(runs.get(i)).says(said(item, i == 1 ? "ok" : POISON));
        }
        rig.log.release();
        rig.work(runs.get(1)).says(answer("done"));

        assertThat(runs)
                .extracting(rig.threads::status)
                .containsExactly(RunStatus.FAILED, RunStatus.COMPLETED, RunStatus.FAILED);
        rig.isSound(runs.toArray(RunKey[]::new));
    }

    @Test
    void aRunWhosePartialTextIsRefusedTooEndsWithoutIt() {
        RunKey run = rig.admit();
        rig.work(run).says(opened(item), said(item, "un"), said(item, "storable"));
        rig.log.refuse(POISON);
        rig.stop(run);

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.CANCELLED);
        rig.isSound(run);
    }

    @Test
    void refusedEventsAreGivenBackToTheMerge() {
        rig.log.refuse(POISON);
        for (int i = 0; i < 20; i++) {
            RunKey run = rig.admit();
            rig.work(run).says(opened(item), said(item, POISON), said(item, "x"), said(item, "y"));
            assertThat(rig.threads.status(run)).isEqualTo(RunStatus.FAILED);
        }

        RunKey last = rig.admit();
        rig.work(last).says(answer("a", "b", "c"));
        assertThat(rig.threads.status(last)).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aRefusedMessageIsDroppedAndTheThreadGoesOn() {
        rig.log.refuse(POISON);
        rig.addMessage("before");
        rig.addMessage(POISON);
        rig.addMessage("after");

        assertThat(rig.stored()).extracting(event -> event.turn()).containsExactly(0L, 1L, 3L);
        assertThat(rig.unread()).isEmpty();
    }

    @Test
    void aRunThatIsGoneIsForgottenAndItsFollowersStart() {
        RunKey gone = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.threads.deleteRun(gone);
        RunKey next = rig.admit(Strategy.ENQUEUE);

        assertThat(rig.eventsOf(gone)).isEmpty();
        assertThat(rig.unread()).isEmpty();
        rig.work(next).says(answer("done"));
        rig.isSound(next);
    }

    @Test
    void aRunThatIsDeletedWhileItWorksLeavesTheLane() {
        RunKey gone = rig.admit();
        RunKey next = rig.admit(Strategy.ENQUEUE);
        rig.threads.deleteRun(gone);

        rig.work(gone).says(answer("too late"));

        rig.work(next).says(answer("done"));
        rig.isSound(next);
    }

    @Test
    void whatHasMovedIsNumberedAnew() {
        TestWriter former = formerOwner();
        RunKey before = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.log.hold();
        RunKey run = rig.admit();
        log(former, before, admitted());
        rig.log.release();
        rig.work(run).says(answer("done"));

        assertThat(rig.storedEvents().get(1)).isEqualTo(new ThreadEvent.OwnerChanged(rig.node, 2));
        rig.isSound(run);
    }

    @Test
    void whatAFormerOwnerHadOnItsWayIsKnownToTheNewOne() {
        TestWriter former = formerOwner();
        RunKey working = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        RunKey logged = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        log(former, working, admitted(), started(), opened(item));
        rig.log.hold();
        rig.lanes.wake(rig.thread);
        log(former, logged, admitted());
        former.store(working, said(item, "late"));
        rig.log.release();
        rig.work(logged).says(answer("done"));

        assertThat(rig.eventsOf(working)).contains(cut("late"));
        rig.isSound(logged, working);
    }

    @Test
    void aFencedLaneClosesAbortsItsWorksAndAppendsNothing() {
        RunKey first = rig.admit();
        RunKey second = rig.admit();
        rig.work(first).says(opened(item), said(item, "mine"));
        takenOver();
        int events = rig.stored().size();

        rig.work(first).says(said(item, "lost"));
        int appends = rig.log.appends().size();
        rig.work(second).says(answer("lost"));
        rig.stop(first);
        rig.pass(Duration.ofMinutes(20));

        assertThat(rig.stored()).hasSize(events);
        assertThat(rig.log.appends()).hasSize(appends);
        assertThat(rig.work(first).wasCancelled()).isTrue();
        assertThat(rig.work(second).wasCancelled()).isTrue();
        assertThat(rig.lanes.size()).isZero();
    }

    @Test
    void aReaderHereSeesWhatTheNextOwnerHasWrittenOnceTheLaneIsFenced() {
        RunKey run = rig.admit();
        rig.work(run).says(opened(item));
        Reader reader = Reader.of(new ThreadFeed(rig.cache, rig.doorbell).inArrivalOrder(rig.thread, 0));
        takenOver();
        assertThat(reader.seen()).hasSize(4);

        rig.work(run).says(said(item, "lost"));

        assertThat(reader.seen()).isEqualTo(rig.stored()).hasSize(5);
    }

    @Test
    void aLaneWhoseLogFailsIsOpenedAgainAndEndsItsRuns() {
        RunKey run = rig.admit();
        rig.work(run).says(opened(item), said(item, "stored"));
        rig.log.failNext();
        rig.work(run).says(said(item, "lost"));
        assertThat(rig.work(run).wasCancelled()).isTrue();

        rig.pass(Duration.ofSeconds(1));

        assertThat(rig.eventsOf(run)).contains(cut("stored")).doesNotContain(said(item, "lost"));
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.FAILED);
        rig.isSound(run);
    }

    @Test
    void aLaneThatIsOpenedAgainFencesWhatTheFailedOneHadOnItsWay() {
        RunKey run = rig.admit();
        rig.work(run).says(opened(item), said(item, "stored"));
        rig.log.hold();
        rig.work(run).says(said(item, "on its way"));
        failLane();

        RunKey next = rig.admit();
        rig.pass(Duration.ofSeconds(5));
        rig.log.release();
        rig.work(next).says(answer("done"));

        rig.isSound(run, next);
    }

    private void failLane() {
        rig.inbox.breakNext();
        rig.lanes.wake(rig.thread);
        assertThat(rig.lanes.size()).isZero();
    }

    private RunEvent.ItemClosed cut(String text) {
        return new RunEvent.ItemClosed(
                0, item, ItemStatus.RUN_FAILED, Item.Message.of(Role.ASSISTANT, text), Usage.NONE);
    }

    /** Another node owns the thread, and dies without knowing it. */
    private TestWriter formerOwner() {
        var other = NodeId.fresh();
        OwnedThread owned = rig.threads.ownership(other).own(rig.thread, false).block();
        rig.threads.dies(other);
        return new TestWriter(rig.threads, rig.thread, owned.epoch());
    }

    /** The first events of a run, with the request for it, which is the oldest one that nobody has read. */
    private void log(TestWriter former, RunKey run, RunEvent... events) {
        var entry = (InboxEntry.RunAdmitted) rig.unread().getFirst();
        assertThat(entry.run()).isEqualTo(run.id());
        former.send(TestWriter.consuming(former.next(run, events), entry.id()));
    }

    /** The instance of the rig is held for dead, and another one takes the thread. */
    private void takenOver() {
        rig.threads.dies(rig.node);
        OwnedThread owned =
                rig.threads.ownership(NodeId.fresh()).own(rig.thread, false).block();
        new TestWriter(rig.threads, rig.thread, owned.epoch(), owned.head())
                .store(0, new ThreadEvent.OwnerChanged(owned.node(), owned.epoch()));
    }
}
