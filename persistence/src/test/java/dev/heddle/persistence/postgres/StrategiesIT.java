package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.allAtOnce;
import static dev.heddle.persistence.postgres.Crowd.answersOf;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.AdmissionSettings;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StrategyChoice;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a new run does to the earlier ones, in the transaction that admits it: the table of ordering.md §4. */
class StrategiesIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final Admission admission = POSTGRES.admission();
    private final Admission small = new PostgresAdmission(
            POSTGRES.database(), new AdmissionSettings(2, Duration.ofMinutes(10)), NodeId.fresh());
    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter owner = new TestWriter(POSTGRES.log(), thread, 0);

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void aRunThatInterruptsAsksEachActiveRunOnceToStop() {
        RunKey ended = admit(Strategy.CONCURRENT);
        RunKey stopping = admit(Strategy.CONCURRENT);
        RunKey stopLogged = admit(Strategy.CONCURRENT);
        RunKey working = admit(Strategy.CONCURRENT);
        RunKey queued = admit(Strategy.ENQUEUE);
        owner.store(ended, life("done"));
        owner.store(stopLogged, admitted(), started(), new RunEvent.StopRequested(StopCause.CLIENT));
        owner.store(working, admitted(), started());
        REQUESTS.askStop(stopping, StopCause.CLIENT);
        long before = lastEntry();

        RunKey run = admit(Strategy.INTERRUPT);

        assertThat(inboxAfter(before))
                .containsExactly(
                        new InboxEntry.StopAsked(0, working.id(), StopCause.LATER_RUN),
                        new InboxEntry.StopAsked(0, queued.id(), StopCause.LATER_RUN),
                        new InboxEntry.RunAdmitted(0, run.id(), run.turn(), Strategy.INTERRUPT));
        assertThat(turns("withdrawn")).isEmpty();
    }

    @Test
    void aRunThatRollsBackAlsoWithdrawsTheTurnsOfAllActiveRunsAndWhatTheyAdopted() {
        REQUESTS.addMessage(thread, "settled");
        RunKey ended = admit(Strategy.CONCURRENT);
        owner.store(ended, life("done"));
        REQUESTS.addMessage(thread, "adopted");
        RunKey working = admit(Strategy.CONCURRENT);
        RunKey stopping = admit(Strategy.CONCURRENT);
        owner.store(stopping, admitted(), started(), new RunEvent.StopRequested(StopCause.CLIENT));
        REQUESTS.addMessage(thread, "free");
        long before = lastEntry();

        RunKey run = admit(Strategy.ROLLBACK);

        assertThat(inboxAfter(before))
                .containsExactly(
                        new InboxEntry.StopAsked(0, working.id(), StopCause.LATER_RUN),
                        new InboxEntry.ThreadChanged(0, new ThreadEvent.TurnsWithdrawn(List.of(3L, 4L, 5L))),
                        new InboxEntry.RunAdmitted(0, run.id(), 7, Strategy.ROLLBACK));
        assertThat(turns("withdrawn")).containsExactly(3L, 4L, 5L);
        assertThat(POSTGRES.value("select adopted_by from turns where thread_id = ? and number = 6", id()))
                .isEqualTo(run.id().value());
    }

    @ParameterizedTest
    @EnumSource(names = {"INTERRUPT", "ROLLBACK"})
    void onAnIdleThreadThereIsNobodyToGiveWay(Strategy strategy) {
        owner.store(admit(Strategy.CONCURRENT), life("done"));
        long before = lastEntry();

        RunKey run = admit(strategy);

        assertThat(inboxAfter(before)).containsExactly(new InboxEntry.RunAdmitted(0, run.id(), 2, strategy));
        assertThat(turns("withdrawn")).isEmpty();
    }

    @Test
    void whatWasWithdrawnIsNotWithdrawnAgainNorStandsInTheWay() {
        RunKey first = admit(Strategy.CONCURRENT);
        RunKey second = admit(Strategy.ROLLBACK);
        long before = lastEntry();

        RunKey third = admit(Strategy.ROLLBACK);
        StoredRun alone =
                admission.admit(REQUESTS.newThread(), newRun(Strategy.REJECT)).block(PATIENCE);

        assertThat(inboxAfter(before))
                .containsExactly(
                        new InboxEntry.StopAsked(0, second.id(), StopCause.LATER_RUN),
                        new InboxEntry.ThreadChanged(0, new ThreadEvent.TurnsWithdrawn(List.of(second.turn()))),
                        new InboxEntry.RunAdmitted(0, third.id(), 3, Strategy.ROLLBACK));
        assertProblem(
                admission.admit(thread, newRun(Strategy.REJECT)), new Problem.ThreadBusy(thread.id(), third.id()));
        assertProblem(
                admission.addMessage(thread, userSays("wait"), WhileActive.REJECT),
                new Problem.MessageWhileActive(thread.id(), third.id()));
        assertThat(alone.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(first.turn()).isEqualTo(1);
    }

    @Test
    void aThreadOfWithdrawnRunsOnlyIsNotBusy() {
        RunKey run = admit(Strategy.ENQUEUE);
        admission.withdraw(thread, run.id()).block(PATIENCE);

        assertThat(admit(Strategy.REJECT).turn()).isEqualTo(2);
    }

    @Test
    void aRunTakesTheStrategyOfItsThreadUnlessItSaysOne() {
        var withDefault = new NewThread(ThreadId.fresh(), List.of(), Optional.of(Strategy.INTERRUPT), Map.of());
        var key = new ThreadKey(TenantId.DEFAULT, withDefault.id());
        var unsaid = new StrategyChoice(Optional.empty(), Strategy.ENQUEUE);
        admission.createThread(TenantId.DEFAULT, withDefault).block(PATIENCE);

        assertThat(strategyOf(key, unsaid)).isEqualTo(Strategy.INTERRUPT);
        assertThat(strategyOf(key, StrategyChoice.of(Strategy.CONCURRENT))).isEqualTo(Strategy.CONCURRENT);
        assertThat(strategyOf(thread, unsaid)).isEqualTo(Strategy.ENQUEUE);
    }

    @Test
    void theFirstRunOfANewThreadTakesItsStrategyToo() {
        var withDefault = new NewThread(ThreadId.fresh(), List.of(), Optional.of(Strategy.ROLLBACK), Map.of());

        StoredRun run = admission
                .createThreadAndRun(
                        TenantId.DEFAULT, withDefault, asking(new StrategyChoice(Optional.empty(), Strategy.ENQUEUE)))
                .block(PATIENCE)
                .run();

        assertThat(run.strategy()).isEqualTo(Strategy.ROLLBACK);
    }

    @Test
    void runsOnTheirWayToTheirEndTakeNoPlaceInAFullThread() {
        RunKey first = smallAdmit(Strategy.CONCURRENT);
        smallAdmit(Strategy.CONCURRENT);
        assertProblem(small.admit(thread, newRun(Strategy.ENQUEUE)), new Problem.QueueFull(thread.id(), 2));

        REQUESTS.askStop(first, StopCause.CLIENT);

        assertThat(smallAdmit(Strategy.ENQUEUE).turn()).isEqualTo(3);
        assertProblem(small.admit(thread, newRun(Strategy.ENQUEUE)), new Problem.QueueFull(thread.id(), 2));
    }

    @ParameterizedTest
    @EnumSource(names = {"INTERRUPT", "ROLLBACK"})
    void aRunThatStopsTheOthersFindsAPlaceButNotForEver(Strategy strategy) {
        smallAdmit(Strategy.CONCURRENT);
        smallAdmit(Strategy.CONCURRENT);
        smallAdmit(strategy);
        smallAdmit(strategy);
        long before = lastEntry();

        assertProblem(small.admit(thread, newRun(strategy)), new Problem.QueueFull(thread.id(), 2));

        assertThat(inboxAfter(before)).isEmpty();
    }

    /** Whichever of the two came first, the other found it there. */
    @ParameterizedTest
    @EnumSource
    void twoRunsThatRaceGiveOneOfTheTwoSerialOutcomes(Strategy strategy) {
        for (int round = 0; round < 40; round++) {
            ThreadKey raced = REQUESTS.newThread();

            List<Object> answers =
                    answersOf(2, _ -> admission.admit(raced, newRun(strategy)).map(StoredRun::key));

            List<RunKey> runs = admittedOf(answers);
            assertThat(inbox(raced)).isEqualTo(expected(strategy, runs));
            assertThat(POSTGRES.rows(
                            "select number from turns where thread_id = ? and withdrawn",
                            raced.id().value()))
                    .hasSize(strategy == Strategy.ROLLBACK ? 1 : 0);
        }
    }

    private static List<RunKey> admittedOf(List<Object> answers) {
        return answers.stream()
                .filter(RunKey.class::isInstance)
                .map(RunKey.class::cast)
                .sorted((a, b) -> Long.compare(a.turn(), b.turn()))
                .toList();
    }

    private static List<InboxEntry> expected(Strategy strategy, List<RunKey> runs) {
        InboxEntry first = admittedEntry(runs.getFirst(), strategy);
        if (strategy == Strategy.REJECT) {
            assertThat(runs).hasSize(1);
            return List.of(first);
        }
        InboxEntry second = admittedEntry(runs.get(1), strategy);
        InboxEntry stop = new InboxEntry.StopAsked(0, runs.getFirst().id(), StopCause.LATER_RUN);
        InboxEntry withdrawn = new InboxEntry.ThreadChanged(0, new ThreadEvent.TurnsWithdrawn(List.of(1L)));
        return switch (strategy) {
            case CONCURRENT, ENQUEUE, REJECT -> List.of(first, second);
            case INTERRUPT -> List.of(first, stop, second);
            case ROLLBACK -> List.of(first, stop, withdrawn, second);
        };
    }

    private static InboxEntry admittedEntry(RunKey run, Strategy strategy) {
        return new InboxEntry.RunAdmitted(0, run.id(), run.turn(), strategy);
    }

    @Test
    void ofManyRunsThatRollBackTheLastOneStays() {
        allAtOnce(30, _ -> admission.admit(thread, newRun(Strategy.ROLLBACK, userSays("a"))));

        assertThat(turns("not withdrawn")).containsExactly(30L);
        assertThat(POSTGRES.runs().active(thread).block(PATIENCE))
                .extracting(run -> run.key().turn())
                .containsExactly(30L);
        assertThat(inbox(thread).stream().filter(InboxEntry.StopAsked.class::isInstance))
                .hasSize(29);
    }

    /** The run ends while another one rolls it back: its turn goes, and its end is logged all the same. */
    @RepeatedTest(20)
    void aRunThatCompletesMeanwhileIsWithdrawnWithItsTurn() {
        RunKey run = admit(Strategy.CONCURRENT);
        owner.store(run, admitted(), started());
        var end = owner.next(run, new RunEvent.Completed(Usage.NONE));

        List<Object> answers = answersOf(
                2,
                i -> i == 0
                        ? POSTGRES.log().append(end).map(_ -> "ended")
                        : admission.admit(thread, newRun(Strategy.ROLLBACK)).map(StoredRun::key));

        boolean wasActive = inbox(thread).stream().anyMatch(InboxEntry.ThreadChanged.class::isInstance);
        assertThat(answers).hasSize(2).contains("ended");
        assertThat(turns("withdrawn")).isEqualTo(wasActive ? List.of(1L) : List.of());
        assertThat(POSTGRES.value(
                        "select status from runs where id = ?", run.id().value()))
                .isEqualTo("completed");
    }

    private RunKey admit(Strategy strategy) {
        return admission.admit(thread, newRun(strategy)).block(PATIENCE).key();
    }

    private RunKey smallAdmit(Strategy strategy) {
        return small.admit(thread, newRun(strategy)).block(PATIENCE).key();
    }

    private Strategy strategyOf(ThreadKey key, StrategyChoice choice) {
        return admission.admit(key, asking(choice)).block(PATIENCE).strategy();
    }

    private static NewRun asking(StrategyChoice choice) {
        NewRun run = newRun(Strategy.CONCURRENT);
        return new NewRun(run.id(), run.spec(), run.inputs(), choice, run.metadata());
    }

    private Object id() {
        return thread.id().value();
    }

    private List<Object> turns(String condition) {
        return POSTGRES
                .rows("select number from turns where thread_id = ? and " + condition + " order by number", id())
                .stream()
                .map(row -> row.get("number"))
                .toList();
    }

    private long lastEntry() {
        return POSTGRES.inbox().read(thread, 0, 1000).block(PATIENCE).stream()
                .mapToLong(InboxEntry::id)
                .max()
                .orElse(0);
    }

    private List<InboxEntry> inboxAfter(long entry) {
        return unnumbered(POSTGRES.inbox().read(thread, entry, 1000).block(PATIENCE));
    }

    private static List<InboxEntry> inbox(ThreadKey thread) {
        return unnumbered(POSTGRES.inbox().read(thread, 0, 1000).block(PATIENCE));
    }

    private static List<InboxEntry> unnumbered(List<InboxEntry> entries) {
        return entries.stream().map(StrategiesIT::unnumbered).toList();
    }

    private static InboxEntry unnumbered(InboxEntry entry) {
        return switch (entry) {
            case InboxEntry.RunAdmitted admitted ->
                new InboxEntry.RunAdmitted(0, admitted.run(), admitted.turn(), admitted.strategy());
            case InboxEntry.StopAsked asked -> new InboxEntry.StopAsked(0, asked.run(), asked.cause());
            case InboxEntry.ThreadChanged changed -> new InboxEntry.ThreadChanged(0, changed.event());
            case InboxEntry.ItemAdded _, InboxEntry.OutputsSubmitted _ -> entry;
        };
    }
}
