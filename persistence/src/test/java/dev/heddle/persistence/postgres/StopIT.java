package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.answersOf;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Stopping runs, one by one or with their thread: asked once, seen at once. */
class StopIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final Admission admission = POSTGRES.admission();
    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter owner = new TestWriter(POSTGRES.log(), thread, 0);

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void theDeletionOfAThreadStopsItsActiveRunsOnceEach() {
        RunKey ended = admit(newRun(Strategy.CONCURRENT)).key();
        RunKey stopped = admit(newRun(Strategy.CONCURRENT)).key();
        RunKey queued = admit(newRun(Strategy.ENQUEUE)).key();
        RunKey working = admit(newRun(Strategy.CONCURRENT)).key();
        owner.store(ended, life("done"));
        owner.store(working, admitted(), started());
        REQUESTS.askStop(stopped, StopCause.CLIENT);

        admission.deleteThread(thread).block(PATIENCE);

        assertThat(stops())
                .extracting(InboxEntry.StopAsked::run)
                .containsExactlyInAnyOrder(stopped.id(), queued.id(), working.id());
    }

    @Test
    void aQueuedRunIsCancellingAsSoonAsItIsAskedToStop() {
        RunKey run = admit(newRun(Strategy.ENQUEUE)).key();

        StoredRun answer = stop(run).block(PATIENCE);

        assertThat(answer.status()).isEqualTo(RunStatus.CANCELLING);
        assertThat(stops())
                .singleElement()
                .isEqualTo(new InboxEntry.StopAsked(stops().getFirst().id(), run.id(), StopCause.CLIENT));
    }

    @Test
    void aWorkingRunIsCancellingAsSoonAsItIsAskedToStop() {
        RunKey run = admit(newRun(Strategy.CONCURRENT)).key();
        owner.store(run, admitted(), started());

        assertThat(stop(run).block(PATIENCE).status()).isEqualTo(RunStatus.CANCELLING);
    }

    @Test
    void aRunIsStoppedOnce() {
        RunKey run = admit(newRun(Strategy.CONCURRENT)).key();

        List<Object> answers = answersOf(10, _ -> stop(run).map(StoredRun::status));

        assertThat(answers).filteredOn(RunStatus.CANCELLING::equals).hasSize(1);
        assertThat(answers)
                .filteredOn(Problem.class::isInstance)
                .hasSize(9)
                .containsOnly(new Problem.NotStoppable(run.id(), RunStatus.CANCELLING));
        assertThat(stops()).hasSize(1);
    }

    @Test
    void aRunWhoseStopIsLoggedIsNotStoppedAgain() {
        RunKey run = admit(newRun(Strategy.CONCURRENT)).key();
        stop(run).block(PATIENCE);
        owner.store(run, admitted(), new RunEvent.StopRequested(StopCause.CLIENT));

        assertProblem(stop(run), new Problem.NotStoppable(run.id(), RunStatus.CANCELLING));
    }

    @Test
    void anEndedRunIsNotStopped() {
        RunKey run = admit(newRun(Strategy.CONCURRENT)).key();
        owner.store(run, life("done"));

        assertProblem(stop(run), new Problem.NotStoppable(run.id(), RunStatus.COMPLETED));
        assertThat(stops()).isEmpty();
    }

    @Test
    void aRunOfAnotherThreadIsNotStoppedHere() {
        RunKey stranger = REQUESTS.admit(REQUESTS.newThread(), Strategy.CONCURRENT);

        assertProblem(admission.stop(thread, stranger.id(), StopCause.CLIENT), new Problem.RunNotFound(stranger.id()));
    }

    private StoredRun admit(NewRun run) {
        return admission.admit(thread, run).block(PATIENCE);
    }

    private Mono<StoredRun> stop(RunKey run) {
        return admission.stop(run.thread(), run.id(), StopCause.CLIENT);
    }

    private List<InboxEntry.StopAsked> stops() {
        return POSTGRES.inbox().read(thread, 0, 1000).block(PATIENCE).stream()
                .filter(InboxEntry.StopAsked.class::isInstance)
                .map(InboxEntry.StopAsked.class::cast)
                .toList();
    }
}
