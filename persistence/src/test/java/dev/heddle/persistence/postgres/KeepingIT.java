package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.allAtOnce;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Keeping;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.Runs;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which runs are found by their id alone, and for how long; in their thread they are found in any case. */
class KeepingIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final Admission admission = POSTGRES.admission();
    private final Runs runs = POSTGRES.runs();
    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter owner = new TestWriter(POSTGRES.log(), thread, 0);

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void aStoredRunIsFoundHoweverLongAgoItEnded() {
        RunKey run = admit(Keeping.STORED);
        assertFound(run);

        endedAgo(run, "100 days");

        assertFound(run);
    }

    @Test
    void oneThatIsKeptBrieflyIsFoundWhileItIsActiveAndTenMinutesLonger() {
        RunKey run = admit(Keeping.BRIEFLY);
        POSTGRES.rows(
                "update runs set created_at = now() - interval '1 hour' where id = ?",
                run.id().value());
        assertFound(run);

        endedAgo(run, "9 minutes 55 seconds");
        assertFound(run);

        endedAgo(run, "10 minutes 1 second");
        assertNotFound(run);
        assertThat(runs.find(thread, run.id()).block(PATIENCE).key()).isEqualTo(run);
    }

    @Test
    void oneThatIsNotListedIsFoundInItsThreadOnly() {
        RunKey run = admit(Keeping.UNLISTED);

        assertNotFound(run);
        assertThat(runs.find(thread, run.id()).block(PATIENCE).key()).isEqualTo(run);
    }

    @Test
    void whatWasWithdrawnOrWhoseThreadWasDeletedIsNotFound() {
        RunKey withdrawn = admit(Keeping.STORED);
        RunKey run = admit(Keeping.STORED);
        admission.withdraw(thread, withdrawn.id()).block(PATIENCE);
        assertNotFound(withdrawn);
        assertFound(run);

        admission.deleteThread(thread).block(PATIENCE);

        assertNotFound(run);
    }

    @Test
    void anotherTenantsRunIsNotFound() {
        RunKey run = admit(Keeping.STORED);

        assertProblem(runs.find(new TenantId("foreign"), run.id()), new Problem.RunNotFound(run.id()));
        assertProblem(
                admission.forget(new ThreadKey(new TenantId("foreign"), thread.id()), run.id()),
                new Problem.RunNotFound(run.id()));
    }

    @Test
    void anActiveRunThatIsForgottenIsStoppedAndItsItemsStay() {
        RunKey run = admit(Keeping.STORED);

        admission.forget(thread, run.id()).block(PATIENCE);

        assertNotFound(run);
        assertThat(inbox().getLast())
                .isInstanceOfSatisfying(
                        InboxEntry.StopAsked.class,
                        asked -> assertThat(asked.cause()).isEqualTo(StopCause.CLIENT));
        assertThat(runs.find(thread, run.id()).block(PATIENCE).status()).isEqualTo(RunStatus.CANCELLING);
        assertThat(POSTGRES.value(
                        "select count(*) from items where thread_id = ?",
                        thread.id().value()))
                .isEqualTo(1L);
    }

    @Test
    void aRunThatHasEndedOrIsAskedToStopIsForgottenWithoutAWordToItsOwner() {
        RunKey ended = admit(Keeping.STORED);
        owner.store(ended, life("said"));
        RunKey stopped = admit(Keeping.BRIEFLY);
        owner.store(stopped, admitted(), started(), new RunEvent.StopRequested(StopCause.CLIENT));
        int before = inbox().size();

        admission.forget(thread, ended.id()).block(PATIENCE);
        admission.forget(thread, stopped.id()).block(PATIENCE);

        assertNotFound(ended);
        assertNotFound(stopped);
        assertThat(inbox()).hasSize(before);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNLISTED")
    void aRunIsForgottenOnce(Keeping keeping) {
        RunKey run = admit(keeping);

        List<Object> answers =
                Crowd.answersOf(10, _ -> admission.forget(thread, run.id()).thenReturn("forgotten"));

        assertThat(answers).filteredOn("forgotten"::equals).hasSize(1);
        assertThat(answers)
                .filteredOn(Problem.class::isInstance)
                .hasSize(9)
                .containsOnly(new Problem.RunNotFound(run.id()));
    }

    @Test
    void manyThatAreForgottenAtOnceAreAllForgotten() {
        List<RunKey> admitted = allAtOnce(10, _ -> admission.admit(thread, run(Keeping.STORED))).stream()
                .map(stored -> stored.key())
                .toList();

        allAtOnce(10, i -> admission.forget(thread, admitted.get(i).id()).thenReturn(i));

        admitted.forEach(this::assertNotFound);
        assertThat(inbox()).filteredOn(InboxEntry.StopAsked.class::isInstance).hasSize(10);
    }

    private RunKey admit(Keeping keeping) {
        return admission.admit(thread, run(keeping)).block(PATIENCE).key();
    }

    private static NewRun run(Keeping keeping) {
        NewRun run = newRun(Strategy.CONCURRENT, userSays("Hello"));
        return new NewRun(run.id(), run.spec(), run.inputs(), run.strategy(), run.metadata(), keeping);
    }

    private void endedAgo(RunKey run, String age) {
        POSTGRES.rows(
                "update runs set status = 'completed', ended_seq = 1, ended_at = now() - cast(? as interval) where id = ?",
                age,
                run.id().value());
    }

    private void assertFound(RunKey run) {
        assertThat(runs.find(TenantId.DEFAULT, run.id()).block(PATIENCE).key()).isEqualTo(run);
    }

    private void assertNotFound(RunKey run) {
        assertProblem(runs.find(TenantId.DEFAULT, run.id()), new Problem.RunNotFound(run.id()));
    }

    private List<InboxEntry> inbox() {
        return POSTGRES.inbox().read(thread, 0, 1000).block(PATIENCE);
    }
}
