package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.asks;
import static dev.heddle.streaming.run.TestRuns.completed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Paused runs run out of time, lose their owner, and are brought their outputs exactly once. */
@ExtendWith(QuietLanes.class)
class PausedRunRecoveryTests {
    private static final Duration LINGER = LaneRig.SETTINGS.linger();
    private static final Duration EXPIRY = LaneRig.SETTINGS.runExpiry();
    private static final Duration SECOND = Duration.ofSeconds(1);

    private LaneRig rig = new LaneRig();

    @Test
    void aRunExpiresWhileItIsPaused() {
        RunKey run = paused(1);
        RunKey other = rig.admit();
        rig.pass(EXPIRY.minusMillis(1));
        assertThat(rig.lanes.size()).isEqualTo(1);
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.REQUIRES_ACTION);

        rig.pass(Duration.ofMillis(1));

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.EXPIRED);
        rig.isSound(run, other);
    }

    @Test
    void theTimeBeforeAPauseCountsToo() {
        RunKey run = rig.admit();
        rig.pass(EXPIRY.dividedBy(2));
        rig.work(run).says(asks(0, 0, CallId.fresh()));
        rig.submit(run, "sunny");

        rig.pass(EXPIRY.dividedBy(2));

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.EXPIRED);
        assertThat(rig.work(run).isWorking()).isFalse();
        rig.isSound(run);
    }

    @Test
    void theSweeperFindsAPausedRunWhoseTimeRanOut() {
        RunKey run = paused(1);
        rig.lanes.startSweeping();
        rig.pass(EXPIRY.minusMillis(1));
        assertThat(rig.lanes.size()).isZero();
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.REQUIRES_ACTION);

        rig.pass(SECOND.plusMillis(1));

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.EXPIRED);
        rig.pass(LINGER);
        assertThat(rig.lanes.size()).isZero();
        rig.isSound(run);
    }

    @Test
    void aPausedRunExpiresAlsoAfterItsOwnerHasDied() {
        RunKey run = paused(1);
        LaneRig next = rig.replaced();
        next.lanes.startSweeping();
        next.pass(EXPIRY.minusMillis(1));
        assertThat(next.ownership.claims()).isZero();

        next.pass(SECOND.plusMillis(1));

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.EXPIRED);
        rig.isSound(run);
    }

    @Test
    void aLaneThatWasOpenedForSomethingElseExpiresAPausedRun() {
        RunKey run = paused(1);
        LaneRig next = rig.replaced();
        next.pass(EXPIRY.minusMillis(1));

        next.addMessage("Hello?");
        assertThat(next.threads.status(run)).isEqualTo(RunStatus.REQUIRES_ACTION);
        next.pass(Duration.ofMillis(1));

        assertThat(next.threads.status(run)).isEqualTo(RunStatus.EXPIRED);
        next.isSound(run);
    }

    @Test
    void aPausedRunIsBroughtItsOutputsByTheNextOwner() {
        RunKey run = paused(1);
        LaneRig next = rig.replaced();

        next.submit(run, "sunny");
        next.work(run).says(completed());

        assertThat(next.work(run).startedSeq()).isEqualTo(rig.work(run).startedSeq());
        assertThat(outputsOf(run)).hasSize(1);
        next.isSound(run);
    }

    @Test
    void outputsThatTheFormerOwnerHadNotLoggedAreLoggedOnce() {
        RunKey run = paused(2);
        rig.log.hold();
        rig.submit(run, "sunny");
        assertThat(rig.log.held()).isEqualTo(1);

        LaneRig next = rig.replaced();
        next.lanes.wake(next.thread);
        rig.log.release();
        next.work(run).says(completed());

        assertThat(outputsOf(run)).hasSize(2);
        assertThat(next.unread()).isEmpty();
        next.isSound(run);
    }

    @Test
    void outputsThatTheFormerOwnerHadLoggedAreNotLoggedAgain() {
        RunKey run = paused(2);
        rig.log.hold();
        rig.submit(run, "sunny");
        rig.log.releaseOne();
        assertThat(rig.unread()).isEmpty();

        LaneRig next = rig.replaced();
        next.lanes.wake(next.thread);
        rig.log.release();
        next.work(run).says(completed());

        assertThat(outputsOf(run)).hasSize(2);
        assertThat(next.eventsOf(run)).containsOnlyOnce(new RunEvent.Resumed());
        next.isSound(run);
    }

    @Test
    void aRunThatHadGoneOnAndSaidNothingGoesOnAgain() {
        RunKey run = paused(1);
        rig.submit(run, "sunny");
        rig.work(run).says(new RunEvent.ModelCallStarted(1));

        LaneRig next = rig.replaced();
        next.lanes.wake(next.thread);
        next.work(run).says(new RunEvent.ModelCallStarted(1), completed());

        assertThat(next.eventsOf(run)).containsOnlyOnce(new RunEvent.Resumed());
        next.isSound(run);
    }

    @Test
    void theOutputsOfAPauseStandInOneAppendHoweverSmallAppendsAre() {
        rig = new LaneRig(new LaneSettings(4, 16, 8, 1, EXPIRY, LINGER));
        RunKey run = paused(3);
        rig.submit(run, "sunny");

        List<Append> withOutputs = rig.log.appends().stream()
                .filter(append -> append.events().toString().contains("sunny"))
                .toList();
        assertThat(withOutputs).hasSize(1);
        assertThat(withOutputs.getFirst().events()).hasSize(7);
        assertThat(withOutputs.getFirst().consumedInbox()).hasSize(1);
        rig.work(run).says(completed());
        rig.isSound(run);
    }

    @Test
    void outputsAmongEventsOfOtherRunsStandInOneAppend() {
        rig = new LaneRig(new LaneSettings(4, 16, 8, 3, EXPIRY, LINGER));
        RunKey run = paused(2);
        RunKey other = rig.admit();
        RunKey third = rig.admit();
        rig.log.hold();
        for (RunKey working : List.of(other, third)) {
            rig.work(working).says(new RunEvent.ModelCallStarted(0), new RunEvent.ModelCallStarted(1));
        }
        rig.submit(run, "sunny");
        rig.log.release();

        assertThat(rig.log.appends())
                .filteredOn(append -> append.events().toString().contains("OutputsSubmitted"))
                .singleElement()
                .matches(append -> append.events().toString().split("FunctionCallOutput").length == 5);
        rig.isSound();
    }

    @Test
    void outputsThatCannotBeStoredFailTheirRun() {
        RunKey run = paused(2);
        RunKey other = rig.admit();
        rig.log.refuse("unstorable");

        rig.submit(run, "unstorable");

        assertThat(rig.lastOf(run)).isInstanceOf(RunEvent.Failed.class);
        assertThat(outputsOf(run)).isEmpty();
        assertThat(rig.unread()).isEmpty();
        assertThat(rig.work(other).isWorking()).isTrue();
        rig.isSound(run);
    }

    @Test
    void aPauseThatCannotBeStoredFailsItsRun() {
        RunKey run = rig.admit();
        rig.log.refuse("ActionRequired");

        rig.work(run).says(asks(0, 0, CallId.fresh()));

        assertThat(rig.lastOf(run)).isInstanceOf(RunEvent.Failed.class);
        rig.isSound(run);
    }

    @Test
    void aPausedRunWhoseStopTheFormerOwnerHadLoggedEnds() {
        RunKey run = paused(1);
        rig.log.hold();
        rig.stop(run);
        rig.log.releaseOne();
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.CANCELLING);

        LaneRig next = rig.replaced();
        next.lanes.startSweeping();
        next.pass(SECOND);

        assertThat(next.threads.status(run)).isEqualTo(RunStatus.CANCELLED);
        next.isSound(run);
    }

    private RunKey paused(int calls) {
        RunKey run = rig.admit();
        var all = new ArrayList<RunEvent>();
        var asked = new ArrayList<Item.FunctionCall>();
        for (int i : IntStream.range(0, calls).toArray()) {
            List<RunEvent> asks = asks(i, i, CallId.fresh());
            all.addAll(asks.subList(0, 5));
            asked.addAll(((RunEvent.ActionRequired) asks.getLast()).calls());
        }
        all.add(new RunEvent.ActionRequired(asked));
        rig.work(run).says(all);
        return run;
    }

    private List<RunEvent> outputsOf(RunKey run) {
        return rig.eventsOf(run).stream()
                .filter(event ->
                        event instanceof RunEvent.ItemClosed closed && closed.end() instanceof Item.FunctionCallOutput)
                .toList();
    }
}
