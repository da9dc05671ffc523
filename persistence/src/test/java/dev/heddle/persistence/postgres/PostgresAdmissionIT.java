package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.allAtOnce;
import static dev.heddle.persistence.postgres.Crowd.answersOf;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.newThread;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.life;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.AdmissionSettings;
import dev.heddle.persistence.FirstRun;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StrategyChoice;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.lane.Handover;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.OwnedThread;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What admission decides and stores: one order for all, however many ask at once. */
class PostgresAdmissionIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final Map<String, Object> METADATA = Map.of("color", "blue", "words", "\"a\" 🧵");

    private final Admission admission = POSTGRES.admission();
    private final EventLog log = POSTGRES.log();
    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter owner = new TestWriter(log, thread, 0);

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void manyAdmissionsAtOnceTakeOneTurnEach() {
        List<StoredRun> runs =
                allAtOnce(50, _ -> admission.admit(thread, newRun(Strategy.CONCURRENT, userSays("a"), userSays("b"))));

        assertThat(runs)
                .extracting(run -> run.key().turn())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 50).boxed().toList());
        assertThat(inboxTurns())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
        assertThat(POSTGRES.rows("select turn from items where thread_id = ? and item_index < 2", id()))
                .hasSize(100);
        assertThat(POSTGRES.value("select next_turn from threads where id = ?", id()))
                .isEqualTo(51L);
    }

    @Test
    void theInputsOfARunStandInItsTurnInTheOrderOfTheRequest() {
        RunKey run = admit(newRun(Strategy.CONCURRENT, userSays("one"), userSays("two"), userSays("three")))
                .key();

        assertThat(POSTGRES.rows(
                        "select turn, item_index, item -> 'content' -> 0 ->> 'text' as text, output_of is null as input"
                                + " from items where thread_id = ? order by item_index",
                        id()))
                .containsExactly(
                        Map.of("turn", run.turn(), "item_index", 0, "text", "one", "input", true),
                        Map.of("turn", run.turn(), "item_index", 1, "text", "two", "input", true),
                        Map.of("turn", run.turn(), "item_index", 2, "text", "three", "input", true));
    }

    @Test
    void everyFreeMessageIsAdoptedOnceByTheFirstRunAfterIt() {
        allAtOnce(
                60,
                i -> i % 3 == 0
                        ? admission.admit(thread, newRun(Strategy.CONCURRENT)).then()
                        : admission
                                .addMessage(thread, userSays("m" + i), WhileActive.ALLOW)
                                .then());
        REQUESTS.addMessage(thread, "after the last run");

        assertThat(POSTGRES.rows("""
                        select m.number
                          from turns m
                         where m.thread_id = ? and m.run_id is null
                           and m.adopted_by is distinct from
                               (select r.run_id from turns r
                                 where r.thread_id = m.thread_id and r.number > m.number and r.run_id is not null
                                 order by r.number limit 1)
                        """, id())).isEmpty();
        assertThat(POSTGRES.value("select count(*) from turns where thread_id = ? and run_id is null", id()))
                .isEqualTo(41L);
    }

    @Test
    void aRunOfANewThreadAdoptsItsMessages() {
        NewThread asked = newThread(List.of(userSays("one"), userSays("two")));

        RunKey run = admission
                .createThreadAndRun(TenantId.DEFAULT, asked, newRun(Strategy.CONCURRENT, userSays("three")))
                .block(PATIENCE)
                .run()
                .key();

        assertThat(run.turn()).isEqualTo(3);
        assertThat(POSTGRES.rows(
                        "select number, adopted_by from turns where thread_id = ? and run_id is null order by 1",
                        asked.id().value()))
                .containsExactly(
                        Map.of("number", 1L, "adopted_by", run.id().value()),
                        Map.of("number", 2L, "adopted_by", run.id().value()));
        assertThat(POSTGRES.inbox().read(run.thread(), 0, 10).block(PATIENCE))
                .extracting(entry -> entry.getClass().getSimpleName())
                .containsExactly("ItemAdded", "ItemAdded", "RunAdmitted");
    }

    @Test
    void aNewThreadIsHandedToItsCreatorAsItWouldFindIt() {
        var here = NodeId.fresh();
        var ours = new PostgresAdmission(POSTGRES.database(), new AdmissionSettings(3, Duration.ofMinutes(10)), here);
        NewThread asked = newThread(List.of(userSays("one"), userSays("two")));

        FirstRun first = ours.createThreadAndRun(
                        TenantId.DEFAULT, asked, newRun(Strategy.ENQUEUE, userSays("three"), userSays("four")))
                .block(PATIENCE);

        Handover handover = first.handover().orElseThrow();
        assertThat(handover.thread()).isEqualTo(first.run().key().thread());
        assertThat(handover.owned()).isEqualTo(new OwnedThread(here, 1, true, 0));
        assertThat(handover.asked())
                .isEqualTo(POSTGRES.inbox().read(handover.thread(), 0, 10).block(PATIENCE));
        assertThat(POSTGRES.ownership(here).own(handover.thread(), false).block(PATIENCE))
                .isEqualTo(new OwnedThread(here, 1, false, 0));
        assertThat(POSTGRES.items()
                        .context(first.run().key(), 10)
                        .map(RunContext::items)
                        .block(PATIENCE))
                .hasSize(4)
                .filteredOn(item -> item.position().turn() == 3)
                .hasSize(2);
    }

    @Test
    void aThreadWhoseRunCannotBeStoredIsNotCreated() {
        NewThread asked = newThread(List.of(userSays("one")));
        var unstorable = new NewRun(
                RunId.fresh(),
                RunSpec.of(null, "demo", "a\u0000b", ModelOptions.DEFAULTS),
                List.of(),
                StrategyChoice.of(Strategy.CONCURRENT),
                Map.of());

        assertThatThrownBy(() -> admission
                        .createThreadAndRun(TenantId.DEFAULT, asked, unstorable)
                        .block(PATIENCE))
                .isInstanceOf(R2dbcException.class);

        assertThat(POSTGRES.rows(
                        "select id from threads where id = ?", asked.id().value()))
                .isEmpty();
        assertThat(POSTGRES.rows(
                        "select id from items where thread_id = ?", asked.id().value()))
                .isEmpty();
        assertThat(POSTGRES.rows(
                        "select id from thread_inbox where thread_id = ?",
                        asked.id().value()))
                .isEmpty();
    }

    @Test
    void aRunThatRefusesCompanyIsRefusedWhileAnotherIsActiveAndStoresNothing() {
        RunKey active = admit(newRun(Strategy.CONCURRENT)).key();
        List<Map<String, Object>> before = everything();

        assertProblem(
                admission.admit(thread, newRun(Strategy.REJECT, userSays("a"))),
                new Problem.ThreadBusy(thread.id(), active.id()));

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aRunThatRefusesCompanyIsAdmittedWhenTheOthersHaveEnded() {
        RunKey earlier = admit(newRun(Strategy.CONCURRENT)).key();
        owner.store(earlier, life("done"));

        assertThat(admit(newRun(Strategy.REJECT)).key().turn()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONCURRENT", "ENQUEUE"})
    void otherRunsAreAdmittedBesideActiveOnes(Strategy strategy) {
        admit(newRun(Strategy.CONCURRENT));

        StoredRun run = admit(newRun(strategy));

        assertThat(run.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(inbox().getLast())
                .isEqualTo(new InboxEntry.RunAdmitted(
                        inbox().getLast().id(), run.key().id(), 2, strategy));
    }

    @Test
    void ofManyRunsThatRefuseCompanyOneIsAdmitted() {
        List<Object> answers = answersOf(
                20,
                _ -> admission
                        .admit(thread, newRun(Strategy.REJECT))
                        .map(run -> run.key().id()));

        RunId winner = answers.stream()
                .filter(RunId.class::isInstance)
                .map(RunId.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(answers).filteredOn(RunId.class::isInstance).hasSize(1);
        assertThat(answers)
                .filteredOn(Problem.class::isInstance)
                .hasSize(19)
                .containsOnly(new Problem.ThreadBusy(thread.id(), winner));
    }

    @Test
    void aFullThreadTakesNoMoreRunsHoweverTheyRace() {
        var small = new PostgresAdmission(
                POSTGRES.database(), new AdmissionSettings(3, Duration.ofMinutes(10)), NodeId.fresh());

        List<Object> answers =
                answersOf(10, _ -> small.admit(thread, newRun(Strategy.ENQUEUE)).map(_ -> "admitted"));

        assertThat(answers).filteredOn("admitted"::equals).hasSize(3);
        assertThat(answers)
                .filteredOn(Problem.class::isInstance)
                .hasSize(7)
                .containsOnly(new Problem.QueueFull(thread.id(), 3));
    }

    @Test
    void aMessageMayBeRefusedWhileARunIsActive() {
        RunKey active = admit(newRun(Strategy.CONCURRENT)).key();
        List<Map<String, Object>> before = everything();

        assertProblem(
                admission.addMessage(thread, userSays("wait"), WhileActive.REJECT),
                new Problem.MessageWhileActive(thread.id(), active.id()));
        assertThat(everything()).isEqualTo(before);

        owner.store(active, life("done"));
        assertThat(admission
                        .addMessage(thread, userSays("now"), WhileActive.REJECT)
                        .block(PATIENCE)
                        .position()
                        .turn())
                .isEqualTo(2);
    }

    @Test
    void aThreadOfAnotherTenantIsNotThere() {
        var foreign = new ThreadKey(new TenantId("another"), thread.id());
        RunKey run = admit(newRun(Strategy.CONCURRENT)).key();

        assertNothingIsThere(foreign, run.id());
    }

    @Test
    void aThreadThatWasNeverCreatedIsNotThere() {
        var nowhere = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());

        assertNothingIsThere(nowhere, RunId.fresh());
    }

    @Test
    void aDeletedThreadIsNotThere() {
        RunKey run = admit(newRun(Strategy.CONCURRENT)).key();

        admission.deleteThread(thread).block(PATIENCE);

        assertNothingIsThere(thread, run.id());
    }

    @Test
    void metadataComeBackAsTheyWereGiven() {
        var asked = new NewThread(ThreadId.fresh(), List.of(), Optional.empty(), METADATA);
        var message = new NewItem(Item.Message.of(Role.USER, "Hello"), METADATA);
        var run = new NewRun(
                RunId.fresh(),
                RunSpec.of(null, "demo", "", ModelOptions.DEFAULTS),
                List.of(message),
                StrategyChoice.of(Strategy.CONCURRENT),
                METADATA);

        assertThat(admission
                        .createThread(TenantId.DEFAULT, asked)
                        .block(PATIENCE)
                        .metadata())
                .isEqualTo(METADATA);
        assertThat(admission
                        .addMessage(thread, message, WhileActive.ALLOW)
                        .block(PATIENCE)
                        .metadata())
                .isEqualTo(METADATA);
        assertThat(admit(run).metadata()).isEqualTo(METADATA);
        assertThat(POSTGRES.rows("select metadata::text from items where thread_id = ?", id()))
                .hasSize(2)
                .allSatisfy(row -> assertThat(JsonText.metadata((String) row.get("metadata")))
                        .isEqualTo(METADATA));
    }

    private StoredRun admit(NewRun run) {
        return admission.admit(thread, run).block(PATIENCE);
    }

    private void assertNothingIsThere(ThreadKey key, RunId run) {
        List<Map<String, Object>> before = everything();

        Stream.of(
                        admission.admit(key, newRun(Strategy.CONCURRENT)),
                        admission.addMessage(key, userSays("Hello"), WhileActive.ALLOW),
                        admission.addMessage(key, userSays("Hello"), WhileActive.REJECT),
                        admission.admit(key, newRun(Strategy.ROLLBACK)),
                        admission.stop(key, run, StopCause.CLIENT),
                        admission.submitOutputs(key, run, List.of()),
                        admission.withdraw(key, run),
                        admission.deleteMessage(key, ItemId.fresh()),
                        admission.fork(key, newThread(List.of())),
                        admission.importTurns(key, key),
                        admission.deleteThread(key))
                .forEach(request -> assertProblem(request, new Problem.ThreadNotFound(key.id())));

        assertThat(everything()).isEqualTo(before);
    }

    private Object id() {
        return thread.id().value();
    }

    private List<InboxEntry> inbox() {
        return POSTGRES.inbox().read(thread, 0, 1000).block(PATIENCE);
    }

    private List<Long> inboxTurns() {
        return inbox().stream()
                .map(entry -> ((InboxEntry.RunAdmitted) entry).turn())
                .toList();
    }

    private List<Map<String, Object>> everything() {
        return POSTGRES.rows("""
                select 'thread' as place, t::text from threads t where id = ?
                union all select 'turn', t::text from turns t where thread_id = ?
                union all select 'run', r::text from runs r where thread_id = ?
                union all select 'item', i::text from items i where thread_id = ?
                union all select 'inbox', b::text from thread_inbox b where thread_id = ?
                order by 1, 2
                """, id(), id(), id(), id(), id());
    }
}
