package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;

@ExtendWith(QuietLanes.class)
class ThreadLaneTests {
    private final LaneRig rig = new LaneRig();

    @Test
    void aClaimIsLoggedBeforeAnythingElse() {
        rig.admit();

        assertThat(rig.storedEvents().getFirst()).isEqualTo(new ThreadEvent.OwnerChanged(rig.node, 1));
    }

    @Test
    void anAdmittedRunIsLoggedStartedAndWorked() {
        RunKey run = rig.admit();
        List<RunEvent> answer = answer("Hal", "lo");
        rig.work(run).says(answer);

        assertThat(rig.eventsOf(run).getFirst()).isEqualTo(new RunEvent.Admitted());
        assertThat(rig.eventsOf(run).get(1)).isInstanceOf(RunEvent.Started.class);
        assertThat(rig.eventsOf(run)).endsWith(answer.toArray(RunEvent[]::new)).hasSize(2 + answer.size());
        assertThat(rig.unread()).isEmpty();
        rig.isSound(run);
    }

    @Test
    void aWorkIsToldTheNumberOfItsStart() {
        RunKey run = rig.admit();

        assertThat(rig.work(run).startedSeq()).isEqualTo(3);
        assertThat(rig.stored().get(2).event())
                .matches(
                        event -> event instanceof ThreadEvent.OfRun ofRun && ofRun.event() instanceof RunEvent.Started);
    }

    @Test
    void aRunExpiresSoLongAfterItsStart() {
        RunKey run = rig.admit();

        assertThat(rig.eventsOf(run).get(1))
                .isEqualTo(new RunEvent.Started(rig.stored().getFirst().at().plus(LaneRig.SETTINGS.runExpiry())));
    }

    @Test
    void runsWorkBesideEachOtherAndTheirEventsKeepTheirOrder() {
        RunKey first = rig.admit();
        RunKey second = rig.admit();
        List<RunEvent> ofFirst = answer("a", "b");
        List<RunEvent> ofSecond = answer("c", "d");
        for (int i = 0; i < ofFirst.size(); i++) {
            rig.work(first).says(ofFirst.get(i));
            rig.work(second).says(ofSecond.get(i));
        }

        assertThat(rig.eventsOf(first)).endsWith(ofFirst.toArray(RunEvent[]::new));
        assertThat(rig.eventsOf(second)).endsWith(ofSecond.toArray(RunEvent[]::new));
        rig.isSound(first, second);
    }

    @Test
    void whatComesWhileAnAppendIsUnderWayGoesTogetherRunByRun() {
        RunKey first = rig.admit();
        RunKey second = rig.admit();
        List<RunEvent> ofFirst = answer("a", "b");
        List<RunEvent> ofSecond = answer("c", "d");
        rig.work(first).says(ofFirst.getFirst());
        rig.log.hold();
        for (int i = 1; i < ofFirst.size(); i++) {
            rig.work(first).says(ofFirst.get(i));
            rig.work(second).says(ofSecond.get(i - 1));
        }
        rig.log.release();
        rig.work(second).says(ofSecond.getLast());

        assertThat(rig.log.appends().get(rig.log.appends().size() - 2).events())
                .extracting(LoggedEvent::turn)
                .containsExactly(2L, 2L, 2L, 2L, 2L, 2L, 1L, 1L, 1L, 1L, 1L);
        rig.isSound(first, second);
    }

    @Test
    void anAppendHoldsNoMoreEventsThanItsBound() {
        var bounded = new LaneRig(new LaneSettings(4, 100, 8, 3, Duration.ofMinutes(10), Duration.ofSeconds(1)));
        RunKey run = bounded.admit();
        bounded.log.hold();
        bounded.work(run).says(answer("a", "b", "c", "d", "e", "f"));
        bounded.log.release();

        assertThat(bounded.log.appends()).allMatch(append -> append.events().size() <= 3);
        bounded.isSound(run);
    }

    @Test
    void aMessageIsLoggedAtItsTurn() {
        rig.addMessage("Hallo");

        assertThat(rig.stored().getLast().turn()).isEqualTo(1);
        assertThat(rig.storedEvents().getLast())
                .matches(event -> event instanceof ThreadEvent.ItemAdded added
                        && added.content().equals(Item.Message.of(Role.USER, "Hallo")));
        assertThat(rig.unread()).isEmpty();
    }

    @Test
    void everyRequestOfALongInboxIsTakenInOrder() {
        for (int i = 0; i < 600; i++) {
            rig.threads.addMessage(rig.thread, "message " + i);
        }
        rig.lanes.wake(rig.thread);

        assertThat(rig.unread()).isEmpty();
        assertThat(rig.stored().stream().skip(1))
                .extracting(LoggedEvent::turn)
                .isSorted()
                .hasSize(600);
    }

    @Test
    void aWakeDuringAReadOfTheInboxReadsItOnceMore() {
        rig.addMessage("first");
        rig.inbox.hold();
        rig.lanes.wake(rig.thread);
        rig.addMessage("second");
        rig.inbox.release();

        assertThat(rig.unread()).isEmpty();
    }

    @Test
    void anInboxThatCannotBeReadIsReadAgain() {
        rig.addMessage("first");
        rig.inbox.failNext(3);
        rig.addMessage("second");
        assertThat(rig.unread()).hasSize(1);

        rig.pass(Duration.ofSeconds(10));

        assertThat(rig.unread()).isEmpty();
    }

    @Test
    void anOwnershipThatCannotBeAskedIsAskedAgain() {
        rig.ownership.failNext(3);
        RunKey run = rig.admit();
        assertThat(rig.stored()).isEmpty();

        rig.pass(Duration.ofSeconds(10));
        rig.work(run).says(answer("ok"));

        rig.isSound(run);
    }

    @Test
    void aRunWhoseModelFailsEndsWithTheModelsWords() {
        var item = ItemId.fresh();
        RunKey run = rig.admit();
        RunKey other = rig.admit();
        var failure = new RunFailure(RunFailure.Code.RATE_LIMIT_EXCEEDED, "Too many tokens");
        rig.work(run).says(opened(item), said(item, "Half an"));

        rig.work(run).fails(new ProblemException(new Problem.ModelFailed(failure)));

        assertThat(rig.eventsOf(run))
                .endsWith(
                        new RunEvent.ItemClosed(
                                0, item, ItemStatus.RUN_FAILED, Item.Message.of(Role.ASSISTANT, "Half an"), Usage.NONE),
                        new RunEvent.Failed(failure, Usage.NONE));
        goesOn(other);
        rig.isSound(run, other);
    }

    @Test
    void aRunWhoseWorkThrowsEndsAsFailedWithoutItsWords() {
        RunKey run = rig.admit();
        RunKey other = rig.admit();

        rig.work(run).fails(new IllegalArgumentException("the password is hunter2"));

        assertThat(rig.lastOf(run))
                .matches(event -> event instanceof RunEvent.Failed failed
                        && failed.failure().code() == RunFailure.Code.SERVER_ERROR
                        && !failed.failure().message().contains("hunter2"));
        goesOn(other);
        rig.isSound(run, other);
    }

    @Test
    void aRunWhoseWorkThrowsAtSubscriptionEndsAsFailed() {
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.work(run).says(Flux.defer(() -> {
            throw new IllegalStateException("no model");
        }));
        RunKey other = rig.admit();

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.FAILED);
        goesOn(other);
        rig.isSound(run, other);
    }

    @Test
    void aRunWhoseWorkIsCancelledFromWithinEndsAsFailed() {
        RunKey run = rig.admit();

        rig.work(run).fails(new CancellationException());

        assertThat(rig.threads.status(run)).isEqualTo(RunStatus.FAILED);
        rig.isSound(run);
    }

    @Test
    void aRunWhoseWorkEndsWithoutAnEndEndsAsFailed() {
        var item = ItemId.fresh();
        RunKey run = rig.admit();
        RunKey other = rig.admit();
        rig.work(run).says(opened(item), said(item, "Half"));

        rig.work(run).ends();

        assertThat(rig.lastOf(run)).isInstanceOf(RunEvent.Failed.class);
        assertThat(rig.eventsOf(run)).hasSize(6);
        goesOn(other);
        rig.isSound(run, other);
    }

    @Test
    void aWorkThatSaysWhatIsNotItsToSayFails() {
        for (RunEvent event : List.of(
                new RunEvent.Admitted(),
                TestRuns.started(),
                new RunEvent.StopRequested(StopCause.CLIENT),
                new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE),
                new RunEvent.Expired(Usage.NONE))) {
            RunKey run = rig.admit();
            rig.work(run).says(event);

            assertThat(rig.threads.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(rig.eventsOf(run)).hasSize(3);
            assertThat(rig.work(run).wasCancelled()).isTrue();
            rig.isSound(run);
        }
    }

    @Test
    void whatAWorkSaysAfterItsEndIsNotHeard() {
        var item = ItemId.fresh();
        RunKey run = rig.admit();
        rig.work(run)
                .says(Flux.just(opened(item), closed(item, ""), completed(), opened(1, ItemId.fresh()), completed()));
        RunKey second = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        rig.work(second).says(Flux.just(completed(), completed(), said(item, "late")));
        rig.lanes.wake(rig.thread);

        assertThat(rig.eventsOf(second)).hasSize(3).endsWith(completed());
        assertThat(rig.work(second).wasCancelled()).isTrue();
    }

    @Test
    void aLogThatIsAwayStopsThePullingAndNothingIsLost() {
        RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
        var item = ItemId.fresh();
        var pieces = new ArrayList<RunEvent>(List.of(opened(item)));
        for (int i = 0; i < 1000; i++) {
            pieces.add(said(item, i + " "));
        }
        pieces.add(completed());
        rig.log.hold();
        rig.work(run).says(Flux.fromIterable(pieces));
        rig.lanes.wake(rig.thread);
        while (rig.work(run).begun() == 0) {
            rig.log.releaseOne();
        }

        rig.pass(Duration.ofMinutes(5));
        int bound = LaneRig.SETTINGS.maxEventsInFlight() + LaneRig.SETTINGS.prefetch();
        assertThat(rig.work(run).pulled()).isPositive().isLessThanOrEqualTo(bound);
        rig.log.release();

        assertThat(rig.eventsOf(run)).endsWith(pieces.toArray(RunEvent[]::new)).hasSize(2 + pieces.size());
        rig.isSound(run);
    }

    @Test
    void aRunThatNeverPausesDoesNotKeepTheOthersWaiting() {
        var greedy = new LaneRig(LaneSettings.DEFAULT);
        var item = ItemId.fresh();
        for (int i = 0; i < 15; i++) {
            RunKey endless = greedy.threads.admit(greedy.thread, Strategy.CONCURRENT);
            greedy.work(endless)
                    .says(Flux.just(opened(item))
                            .concatWith(Flux.just(said(item, "on and ")).repeat()));
        }
        RunKey run = greedy.threads.admit(greedy.thread, Strategy.CONCURRENT);
        greedy.work(run).says(Flux.fromIterable(answer("short")));
        greedy.log.hold();
        greedy.lanes.wake(greedy.thread);

        for (int i = 0; i < 20 && greedy.threads.status(run) != RunStatus.COMPLETED; i++) {
            greedy.log.releaseOne();
        }

        assertThat(greedy.threads.status(run)).isEqualTo(RunStatus.COMPLETED);
        assertThat(greedy.stored().size()).isLessThan(3000);
    }

    @Test
    void signalsThatNobodyHearsAnyMoreAreGivenBackToTheMerge() {
        var item = ItemId.fresh();
        for (int i = 0; i < 50; i++) {
            RunKey run = rig.threads.admit(rig.thread, Strategy.CONCURRENT);
            rig.work(run).says(Flux.just(opened(item)).concatWith(Flux.error(new IllegalStateException("broken"))));
            rig.lanes.wake(rig.thread);
            assertThat(rig.threads.status(run)).isEqualTo(RunStatus.FAILED);
        }

        RunKey last = rig.admit();
        rig.work(last).says(answer("a", "b", "c", "d"));

        rig.isSound(last);
    }

    private void goesOn(RunKey other) {
        assertThat(rig.work(other).isWorking()).isTrue();
        rig.work(other).says(answer("and on"));
        assertThat(rig.threads.status(other)).isEqualTo(RunStatus.COMPLETED);
    }
}
