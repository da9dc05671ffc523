package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.call;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.paused;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What every {@link Ownership} promises to several instances that share one database. */
public abstract class OwnershipContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final NodeId here = NodeId.fresh();
    private final NodeId there = NodeId.fresh();
    private Ownership ours;
    private Ownership theirs;

    /** Makes the node a living instance, and gives its view of the threads. */
    protected abstract Ownership joins(NodeId node);

    /** The node's lease runs out. */
    protected abstract void dies(NodeId node);

    /** The log that all nodes share. */
    protected abstract EventLog log();

    /** The inboxes that all nodes share. */
    protected abstract Inbox inbox();

    /** What requests write. */
    protected abstract Requests requests();

    /** Lets the time pass after which something unread counts as unattended. */
    protected void aWhilePasses() {}

    @BeforeEach
    void join() {
        ours = joins(here);
        theirs = joins(there);
    }

    @Test
    void anUnownedThreadIsClaimedInTheNextEpoch() {
        ThreadKey thread = requests().newThread();

        OwnedThread owned = own(ours, thread);

        assertThat(owned).isEqualTo(new OwnedThread(here, owned.epoch(), true, 0));
        assertThat(owned.epoch()).isPositive();
    }

    @Test
    void theOwnerIsGivenItsThreadAgainInTheSameEpoch() {
        ThreadKey thread = requests().newThread();
        long epoch = own(ours, thread).epoch();

        assertThat(own(ours, thread)).isEqualTo(new OwnedThread(here, epoch, false, 0));
    }

    @Test
    void anOwnerMayClaimItsOwnThreadAnew() {
        ThreadKey thread = requests().newThread();
        long epoch = own(ours, thread).epoch();

        OwnedThread owned = ours.own(thread, true).block(PATIENCE);

        assertThat(owned).isEqualTo(new OwnedThread(here, epoch + 1, true, 0));
    }

    @Test
    void theThreadOfALivingOwnerIsNotGivenToAnother() {
        ThreadKey thread = requests().newThread();
        OwnedThread owned = own(ours, thread);

        assertThat(theirs.own(thread, false).blockOptional(PATIENCE)).isEmpty();
        assertThat(theirs.own(thread, true).blockOptional(PATIENCE)).isEmpty();
        assertThat(own(ours, thread).epoch()).isEqualTo(owned.epoch());
    }

    @Test
    void theThreadOfADeadOwnerIsGivenToAnotherInALaterEpoch() {
        ThreadKey thread = requests().newThread();
        long epoch = own(ours, thread).epoch();

        dies(here);

        assertThat(own(theirs, thread)).isEqualTo(new OwnedThread(there, epoch + 1, true, 0));
    }

    @Test
    void aThreadThatDoesNotExistHasNoOwner() {
        var nowhere = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());

        assertThat(ours.own(nowhere, false).blockOptional(PATIENCE)).isEmpty();
    }

    @Test
    void ofTwoThatClaimAThreadAtOnceOneOwnsIt() {
        for (int i = 0; i < 20; i++) {
            ThreadKey thread = requests().newThread();

            List<OwnedThread> owners = Flux.just(ours, theirs)
                    .flatMap(node -> node.own(thread, false).subscribeOn(Schedulers.boundedElastic()))
                    .collectList()
                    .block(PATIENCE);

            assertThat(owners).hasSize(1);
        }
    }

    @Test
    void anOwnerIsToldTheHeadOfTheLog() {
        ThreadKey thread = requests().newThread();
        TestWriter writer = writer(thread);
        writer.store(requests().admit(thread, Strategy.CONCURRENT), admitted(), started());

        assertThat(own(ours, thread).head()).isEqualTo(2);
    }

    @Test
    void aNewOwnerFencesTheFormerOne() {
        ThreadKey thread = requests().newThread();
        TestWriter former = writer(thread);
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        var late = former.next(run, admitted());
        former.store(run, admitted());

        dies(here);
        own(theirs, thread);

        assertThat(log().append(late).block(PATIENCE)).isEqualTo(new AppendOutcome.Fenced());
    }

    @Test
    void theActiveRunsAreThoseTheLogKnowsOfByTurn() {
        ThreadKey thread = requests().newThread();
        RunKey working = requests().admit(thread, Strategy.CONCURRENT);
        RunKey ended = requests().admit(thread, Strategy.CONCURRENT);
        RunKey stopping = requests().admit(thread, Strategy.CONCURRENT);
        RunKey queued = requests().admit(thread, Strategy.ENQUEUE);
        requests().admit(thread, Strategy.CONCURRENT);
        TestWriter writer = writer(thread);
        writer.store(queued, admitted());
        writer.store(ended, life("done"));
        writer.store(stopping, admitted(), started(), new RunEvent.StopRequested(StopCause.CLIENT));
        writer.store(working, admitted(), started());

        List<LoggedEvent> log = log().readThread(thread, 0, 100).block(PATIENCE);
        assertThat(ours.activeRuns(thread).block(PATIENCE))
                .containsExactly(
                        new ActiveRun(
                                working.id(), 1, Strategy.CONCURRENT, RunStatus.IN_PROGRESS, 2, begun(log, working)),
                        new ActiveRun(
                                stopping.id(), 3, Strategy.CONCURRENT, RunStatus.CANCELLING, 3, begun(log, stopping)),
                        new ActiveRun(queued.id(), 4, Strategy.ENQUEUE, RunStatus.QUEUED, 1, Optional.empty()));
    }

    private static Optional<ActiveRun.Begun> begun(List<LoggedEvent> log, RunKey run) {
        return log.stream()
                .filter(event -> event.isOf(run.id()) && event.runSeq() == 1)
                .map(event -> new ActiveRun.Begun(event.seq(), TestRuns.EXPIRES_AT))
                .findFirst();
    }

    @Test
    void aPausedRunIsActiveAndTellsHowItBegan() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.INTERRUPT);
        TestWriter writer = writer(thread);
        writer.store(run, admitted(), started());
        writer.store(run, TestRuns.calls(0, 0, call("{}")).toArray(RunEvent[]::new));
        writer.store(run, new RunEvent.ActionRequired(List.of(call("{}"))));
        var begun = new ActiveRun.Begun(2, TestRuns.EXPIRES_AT);

        assertThat(ours.activeRuns(thread).block(PATIENCE))
                .containsExactly(new ActiveRun(
                        run.id(), 1, Strategy.INTERRUPT, RunStatus.REQUIRES_ACTION, 8, Optional.of(begun)));
        writer.store(run, new RunEvent.OutputsSubmitted());
        writer.store(run, new RunEvent.Resumed());

        assertThat(ours.activeRuns(thread).block(PATIENCE))
                .containsExactly(
                        new ActiveRun(run.id(), 1, Strategy.INTERRUPT, RunStatus.IN_PROGRESS, 10, Optional.of(begun)));
    }

    @Test
    void aThreadWithoutRunsHasNoActiveOnes() {
        assertThat(ours.activeRuns(requests().newThread()).block(PATIENCE)).isEmpty();
    }

    @Test
    void aThreadWithAnUnreadInboxIsUnattended() {
        ThreadKey thread = requests().newThread();
        assertThat(unattended(ours)).doesNotContain(thread);

        requests().addMessage(thread, "Is anybody there?");
        aWhilePasses();

        assertThat(unattended(ours)).containsOnlyOnce(thread);
    }

    @Test
    void theOwnerHearsOfItsOwnUnreadInboxToo() {
        ThreadKey thread = requests().newThread();
        own(ours, thread);

        requests().addMessage(thread, "My ring was lost");
        aWhilePasses();

        assertThat(unattended(ours)).contains(thread);
    }

    @Test
    void aThreadWhoseInboxWasTakenIsAttended() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        TestWriter writer = writer(thread);

        writer.send(TestWriter.consuming(writer.next(run, admitted()), entryOf(thread)));
        aWhilePasses();

        assertThat(unattended(ours)).doesNotContain(thread);
    }

    @Test
    void anActiveRunOfADeadOwnerIsUnattended() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        TestWriter writer = writer(thread);
        writer.send(TestWriter.consuming(writer.next(run, admitted(), started()), entryOf(thread)));

        dies(here);
        aWhilePasses();

        assertThat(unattended(theirs)).containsOnlyOnce(thread);
    }

    @Test
    void aPausedRunOfADeadOwnerWaitsForItsClientOnly() {
        ThreadKey thread = pausedThread(Instant.now().plus(Duration.ofHours(1)));

        dies(here);
        aWhilePasses();

        assertThat(unattended(theirs)).doesNotContain(thread);
    }

    @Test
    void outputsForAPausedRunOfADeadOwnerAreUnattended() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        TestWriter writer = writer(thread);
        writer.send(TestWriter.consuming(
                writer.next(run, paused(Instant.now().plus(Duration.ofHours(1)), call("{}"))), entryOf(thread)));

        dies(here);
        requests().submitOutputs(run, "42");
        aWhilePasses();

        assertThat(unattended(theirs)).containsOnlyOnce(thread);
    }

    @Test
    void aPausedRunWhoseTimeRanOutIsUnattendedForItsOwnerOrAnybodyWhenThatIsDead() {
        ThreadKey thread =
                pausedThread(Instant.now().minus(Duration.ofSeconds(1)).truncatedTo(ChronoUnit.MILLIS));

        assertThat(unattended(ours)).containsOnlyOnce(thread);
        assertThat(unattended(theirs)).doesNotContain(thread);

        dies(here);

        assertThat(unattended(theirs)).containsOnlyOnce(thread);
    }

    private ThreadKey pausedThread(Instant expiresAt) {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        TestWriter writer = writer(thread);
        writer.send(TestWriter.consuming(writer.next(run, paused(expiresAt, call("{}"))), entryOf(thread)));
        return thread;
    }

    @Test
    void anIdleThreadOfADeadOwnerNeedsNoAttention() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        TestWriter writer = writer(thread);
        writer.send(TestWriter.consuming(writer.next(run, life("done")), entryOf(thread)));

        dies(here);
        aWhilePasses();

        assertThat(unattended(theirs)).doesNotContain(thread);
    }

    private TestWriter writer(ThreadKey thread) {
        OwnedThread owned = own(ours, thread);
        return new TestWriter(log(), thread, owned.epoch(), owned.head());
    }

    private Long entryOf(ThreadKey thread) {
        return inbox().read(thread, 0, 1).block(PATIENCE).getFirst().id();
    }

    private static OwnedThread own(Ownership node, ThreadKey thread) {
        return Optional.ofNullable(node.own(thread, false).block(PATIENCE)).orElseThrow();
    }

    private static List<ThreadKey> unattended(Ownership node) {
        return node.unattended().collectList().block(PATIENCE);
    }
}
