package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.asks;
import static dev.heddle.streaming.run.TestRuns.completed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs that wait for their clients to bring the outputs of function calls. */
@ExtendWith(QuietLanes.class)
class LanePauseTests {
    private static final Duration LINGER = LaneRig.SETTINGS.linger();
    private static final Duration EXPIRY = LaneRig.SETTINGS.runExpiry();

    private final CallId call = CallId.fresh();
    private final List<RunEvent> asks = asks(0, 0, call);
    private LaneRig rig = new LaneRig();

    @Test
    void aRunThatWasBroughtItsOutputsGoesOnBehindThem() {
        RunKey run = paused();
        long started = rig.work(run).startedSeq();

        rig.submit(run, "sunny");
        rig.work(run).says(new RunEvent.ModelCallStarted(1), completed());

        assertThat(rig.eventsOf(run).subList(2, 8)).isEqualTo(asks);
        List<RunEvent> rest = rig.eventsOf(run).subList(8, 14);
        assertThat(rest.subList(0, 2)).isEqualTo(outputAt(1, rest, "sunny"));
        assertThat(rest.subList(2, 6))
                .containsExactly(
                        new RunEvent.OutputsSubmitted(),
                        new RunEvent.Resumed(),
                        new RunEvent.ModelCallStarted(1),
                        completed());
        assertThat(rig.work(run).begun()).isEqualTo(2);
        assertThat(rig.work(run).startedSeq()).isEqualTo(started);
        rig.isSound(run);
    }

    @Test
    void aPauseEndsTheWork() {
        RunKey run = paused();

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.REQUIRES_ACTION);
        assertThat(rig.work(run).isWorking()).isFalse();
    }

    @Test
    void aPausedRunLeavesItsPlaceToTheNextOne() {
        rig = new LaneRig(settings(1, 64));
        RunKey run = rig.admit();
        RunKey next = rig.admit();
        assertThat(rig.work(next).begun()).isZero();

        rig.work(run).says(asks);

        assertThat(rig.work(next).isWorking()).isTrue();
    }

    @Test
    void aRunThatGoesOnWaitsForAPlace() {
        rig = new LaneRig(settings(1, 64));
        RunKey run = paused();
        RunKey other = rig.admit();
        RunKey later = rig.admit();

        rig.submit(run, "sunny");
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.QUEUED);
        assertThat(rig.work(run).isWorking()).isFalse();
        rig.work(other).says(answer("done"));

        assertThat(rig.work(run).isWorking()).isTrue();
        assertThat(rig.work(later).begun()).isZero();
        rig.work(run).says(completed());
        rig.work(later).says(answer("done"));
        rig.isSound(run, other, later);
    }

    @Test
    void aRunMayPauseAgain() {
        RunKey run = paused();
        rig.submit(run, "sunny");
        List<RunEvent> asksAgain = asks(1, 2, CallId.fresh());

        rig.work(run).says(asksAgain);
        rig.submit(run, "windy");
        rig.work(run).says(completed());

        List<RunEvent> events = rig.eventsOf(run);
        assertThat(events.subList(12, 18)).isEqualTo(asksAgain);
        assertThat(((RunEvent.ItemOpened) events.get(18)).outputIndex()).isEqualTo(3);
        assertThat(events).filteredOn(RunEvent.Resumed.class::isInstance).hasSize(2);
        assertThat(rig.work(run).begun()).isEqualTo(3);
        rig.isSound(run);
    }

    @Test
    void whatAWorkSaysBehindItsPauseIsNotHeard() {
        RunKey run = rig.admit();
        rig.log.hold();
        rig.work(run).says(asks);
        rig.work(run).says(new RunEvent.ModelCallStarted(7), completed());
        rig.log.release();
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.REQUIRES_ACTION);

        rig.submit(run, "sunny");
        rig.work(run).says(completed());

        assertThat(rig.eventsOf(run)).doesNotContain(new RunEvent.ModelCallStarted(7));
        rig.isSound(run);
    }

    @Test
    void aWorkThatBreaksOffBehindItsPauseDoesNoHarm() {
        RunKey run = paused();

        rig.work(run).fails(new IllegalStateException("too late"));
        rig.submit(run, "sunny");
        rig.work(run).says(completed());

        rig.isSound(run);
        assertThat(rig.lastOf(run)).isEqualTo(completed());
    }

    @Test
    void theLaneClosesWhileItsRunsWaitAndOpensForTheirOutputs() {
        RunKey run = paused();
        RunKey behind = rig.admit(Strategy.ENQUEUE);
        rig.lanes.startSweeping();
        rig.pass(LINGER.multipliedBy(3));
        assertThat(rig.lanes.size()).isZero();
        assertThat(rig.cache.heldBytes()).isZero();
        int claims = rig.ownership.claims();
        rig.pass(Duration.ofMinutes(1));
        assertThat(rig.ownership.claims()).isEqualTo(claims);

        rig.submit(run, "sunny");
        rig.work(run).says(completed());
        rig.work(behind).says(answer("done"));

        rig.isSound(run, behind);
    }

    @Test
    void theLaneStaysWhileOneOfItsRunsWorks() {
        RunKey run = paused();
        RunKey other = rig.admit();

        rig.pass(LINGER.multipliedBy(3));

        assertThat(rig.lanes.size()).isEqualTo(1);
        assertThat(rig.work(other).isWorking()).isTrue();
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.REQUIRES_ACTION);
    }

    @Test
    void anEnqueuedRunWaitsForAPausedOneToEnd() {
        RunKey run = paused();
        RunKey enqueued = rig.admit(Strategy.ENQUEUE);
        assertThat(rig.work(enqueued).begun()).isZero();
        rig.submit(run, "sunny");
        assertThat(rig.work(enqueued).begun()).isZero();

        rig.work(run).says(completed());

        assertThat(rig.work(enqueued).isWorking()).isTrue();
    }

    @Test
    void aRunGoesOnBesideAnEarlierOneThatIsPaused() {
        rig = new LaneRig(settings(1, 64));
        RunKey first = paused();
        RunKey second = rig.admit();
        rig.work(second).says(asks(0, 0, CallId.fresh()));

        rig.submit(second, "sunny");
        rig.work(second).says(completed());

        assertThat(rig.threads.status(first)).isEqualTo(RunStatus.REQUIRES_ACTION);
        rig.isSound(second);
    }

    @Test
    void aPausedRunThatIsStoppedEndsAtOnce() {
        RunKey run = paused();
        RunKey enqueued = rig.admit(Strategy.ENQUEUE);

        rig.stop(run);

        assertThat(rig.eventsOf(run).subList(8, 10))
                .containsExactly(
                        new RunEvent.StopRequested(StopCause.CLIENT),
                        new RunEvent.Cancelled(StopCause.CLIENT, new Usage(7, 5)));
        assertThat(rig.work(enqueued).isWorking()).isTrue();
        rig.isSound(run);
    }

    @Test
    void outputsOfARunThatIsBeingStoppedAreVoid() {
        RunKey run = paused();
        rig.threads.askStop(run, StopCause.CLIENT);

        rig.submit(run, "sunny");

        assertThat(rig.eventsOf(run)).doesNotContain(new RunEvent.OutputsSubmitted());
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.CANCELLED);
        assertThat(rig.unread()).isEmpty();
        rig.isSound(run);
    }

    @Test
    void outputsThatAreReadAfterTheirRunHasEndedAreVoid() {
        RunKey run = paused();
        rig.inbox.hold();
        rig.submit(run, "sunny");
        rig.pass(EXPIRY);
        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.EXPIRED);

        rig.inbox.release();
        rig.pass(LINGER);

        assertThat(rig.eventsOf(run)).doesNotContain(new RunEvent.OutputsSubmitted());
        assertThat(rig.unread()).isEmpty();
        assertThat(rig.lanes.size()).isZero();
        rig.isSound(run);
    }

    @Test
    void outputsOfARunThatHasEndedAreDiscarded() {
        RunKey run = paused();
        rig.stop(run);
        List<RunEvent> events = rig.eventsOf(run);

        rig.threads.bringOutputsLate(run);
        rig.lanes.wake(rig.thread);

        assertThat(rig.unread()).isEmpty();
        assertThat(rig.eventsOf(run)).isEqualTo(events);
    }

    @Test
    void aRunThatIsStoppedRightAfterItsOutputsKeepsThemAndDoesNotGoOn() {
        rig = new LaneRig(settings(1, 64));
        RunKey run = paused();
        RunKey other = rig.admit();
        rig.submit(run, "sunny");

        rig.stop(run);
        rig.work(other).says(answer("done"));

        assertThat(rig.eventsOf(run)).contains(new RunEvent.OutputsSubmitted()).doesNotContain(new RunEvent.Resumed());
        assertThat(rig.work(run).begun()).isEqualTo(1);
        rig.isSound(run, other);
    }

    private RunKey paused() {
        RunKey run = rig.admit();
        rig.work(run).says(asks);
        return run;
    }

    private List<RunEvent> outputAt(int outputIndex, List<RunEvent> events, String output) {
        var item = ((RunEvent.ItemOpened) events.getFirst()).item();
        return List.of(
                new RunEvent.ItemOpened(outputIndex, item, 0, new Item.FunctionCallOutput(call, "")),
                new RunEvent.ItemClosed(
                        outputIndex,
                        item,
                        ItemStatus.COMPLETED,
                        new Item.FunctionCallOutput(call, output),
                        Usage.NONE));
    }

    private static LaneSettings settings(int places, int maxEventsPerAppend) {
        return new LaneSettings(places, 16, 8, maxEventsPerAppend, EXPIRY, LINGER);
    }
}
