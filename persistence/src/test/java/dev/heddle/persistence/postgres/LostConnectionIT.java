package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.TestPostgres.MAX_CONNECTIONS;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.started;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Chain;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.WhileActive;
import dev.heddle.persistence.embedded.EmbeddedPostgres;
import dev.heddle.persistence.postgres.CutLine.Moment;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Whenever the connection breaks: what was asked for is there exactly once, and the answer says so. */
class LostConnectionIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final CutLine LINE = new CutLine(POSTGRES.url());
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final String COMMIT = "COMMIT";
    private static final AppendOutcome STORED = new AppendOutcome.Stored();

    // Its connections are new: each statement is spelt on the line once more.
    private final TestPostgres overLine = POSTGRES.reachedBy(LINE.url());
    private final EventLog log = overLine.log();
    private final Admission admission = overLine.admission();
    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter writer = new TestWriter(log, thread, 0);
    private final RunKey run = REQUESTS.newRun(thread, 1);
    private int cuts = LINE.cuts();

    @AfterEach
    void everyCutWasMade() {
        overLine.close();
        assertThat(LINE.cuts()).isEqualTo(cuts);
    }

    @AfterAll
    static void close() {
        LINE.close();
        POSTGRES.close();
    }

    @ParameterizedTest
    @EnumSource
    void anAppendIsStoredOnce(Moment moment) {
        writer.store(run, admitted());
        Append append = writer.next(run, started());

        cut(moment, bytes(append.batch()));
        assertThat(writer.send(append)).isEqualTo(STORED);

        writer.store(run, new RunEvent.ModelCallStarted(0));
        assertThat(POSTGRES.log().readThread(thread, 0, 10).block(TestPostgres.PATIENCE))
                .isEqualTo(writer.stored())
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void aLookAtTheOutcomeThatIsCutOffIsLookedAtAgain(Moment moment) {
        Append append = writer.next(run, admitted(), started());
        writer.send(append);

        cut(moment, "select (select batch_id");
        AppendOutcome outcome = log.append(append).block(TestPostgres.PATIENCE);

        assertThat(outcome).isEqualTo(STORED);
    }

    @ParameterizedTest
    @EnumSource
    void aRunIsAdmittedOnce(Moment moment) {
        NewRun asked = PostgresRequests.newRun(Strategy.CONCURRENT, PostgresRequests.userSays("Hello"));

        cut(moment, COMMIT);
        StoredRun admitted = admission.admit(thread, asked).block(TestPostgres.PATIENCE);

        assertThat(admitted.key()).isEqualTo(new RunKey(thread, 2, asked.id()));
        assertThat(count("runs")).isEqualTo(2L);
        assertThat(count("turns")).isEqualTo(1L);
        assertThat(count("items")).isEqualTo(1L);
        assertThat(count("thread_inbox")).isEqualTo(1L);
    }

    @ParameterizedTest
    @EnumSource
    void aRunGoesOnFromAnotherOnce(Moment moment) {
        writer.store(run, life("said"));
        NewRun asked = PostgresRequests.newRun(Strategy.CONCURRENT, PostgresRequests.userSays("next"));

        cut(moment, COMMIT);
        StoredRun admitted = admission
                .chain(new Chain(run, true, PostgresRequests.newThread(List.of())), asked)
                .block(TestPostgres.PATIENCE);

        assertThat(admitted.key()).isEqualTo(new RunKey(thread, 2, asked.id()));
        assertThat(count("runs")).isEqualTo(2L);
    }

    @ParameterizedTest
    @EnumSource
    void aBranchIsMadeOnce(Moment moment) {
        writer.store(run, life("said"));
        NewThread branch = PostgresRequests.newThread(List.of(PostgresRequests.userSays("one")));
        NewRun asked = PostgresRequests.newRun(Strategy.CONCURRENT, PostgresRequests.userSays("next"));

        cut(moment, COMMIT);
        StoredRun admitted =
                admission.chain(new Chain(run, false, branch), asked).block(TestPostgres.PATIENCE);

        var key = new ThreadKey(TenantId.DEFAULT, branch.id());
        assertThat(admitted.key()).isEqualTo(new RunKey(key, 3, asked.id()));
        assertThat(count("runs", key)).isEqualTo(1L);
        assertThat(count("turns", key)).isEqualTo(2L);
        assertThat(count("runs")).isEqualTo(1L);
    }

    @ParameterizedTest
    @EnumSource
    void itemsAreAddedOnceAndTogether(Moment moment) {
        cut(moment, COMMIT);
        List<StoredItem> added = admission
                .addItems(
                        thread,
                        List.of(PostgresRequests.userSays("one"), PostgresRequests.userSays("two")),
                        WhileActive.ALLOW)
                .block(TestPostgres.PATIENCE);

        assertThat(added).extracting(item -> item.position().turn()).containsExactly(2L, 3L);
        assertThat(count("items")).isEqualTo(2L);
        assertThat(count("turns")).isEqualTo(2L);
        assertThat(count("thread_inbox")).isEqualTo(2L);
    }

    @ParameterizedTest
    @EnumSource
    void aRunIsForgottenAndAnItemDeletedAlsoWhenTheAnswerWasLost(Moment moment) {
        var item = REQUESTS.addMessage(thread, "Hello");

        cut(moment, COMMIT);
        admission.forget(thread, run.id()).block(TestPostgres.PATIENCE);
        cut(moment, COMMIT);
        admission.deleteItem(thread, item).block(TestPostgres.PATIENCE);

        assertThat(POSTGRES.value(
                        "select forgotten_at is not null from runs where id = ?",
                        run.id().value()))
                .isEqualTo(true);
        assertThat(POSTGRES.value("select deleted_at is not null from items where id = ?", item.value()))
                .isEqualTo(true);
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatIsAloneOrRefusedIsNotRefusedBecauseOfItself(Moment moment) {
        ThreadKey idle = REQUESTS.newThread();
        NewRun asked = PostgresRequests.newRun(Strategy.REJECT);

        cut(moment, COMMIT);
        StoredRun admitted = admission.admit(idle, asked).block(TestPostgres.PATIENCE);

        assertThat(admitted.key()).isEqualTo(new RunKey(idle, 1, asked.id()));
    }

    @ParameterizedTest
    @EnumSource
    void aRunIsRefusedByTheOtherAlsoAfterTheConnectionBroke(Moment moment) {
        NewRun asked = PostgresRequests.newRun(Strategy.REJECT);

        cut(moment, "for no key update");
        assertThatThrownBy(() -> admission.admit(thread, asked).block(TestPostgres.PATIENCE))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal ->
                                assertThat(refusal.problem()).isEqualTo(new Problem.ThreadBusy(thread.id(), run.id())));
    }

    @ParameterizedTest
    @EnumSource
    void aMessageIsAddedOnce(Moment moment) {
        cut(moment, COMMIT);
        StoredItem added = admission
                .addMessage(thread, PostgresRequests.userSays("Hello"), WhileActive.ALLOW)
                .block(TestPostgres.PATIENCE);

        assertThat(POSTGRES.rows(
                        "select id from items where thread_id = ?", thread.id().value()))
                .containsExactly(Map.of("id", added.id().value()));
        assertThat(count("turns")).isEqualTo(1L);
        assertThat(count("thread_inbox")).isEqualTo(1L);
    }

    @ParameterizedTest
    @EnumSource
    void aThreadIsCreatedOnceWithItsMessages(Moment moment) {
        NewThread asked =
                PostgresRequests.newThread(List.of(PostgresRequests.userSays("one"), PostgresRequests.userSays("two")));

        cut(moment, COMMIT);
        StoredThread created = admission.createThread(TenantId.DEFAULT, asked).block(TestPostgres.PATIENCE);

        assertThat(created.key()).isEqualTo(new ThreadKey(TenantId.DEFAULT, asked.id()));
        assertThat(count("items", created.key())).isEqualTo(2L);
        assertThat(count("thread_inbox", created.key())).isEqualTo(2L);
    }

    @ParameterizedTest
    @EnumSource
    void aThreadAndItsRunAreCreatedOnce(Moment moment) {
        NewThread asked = PostgresRequests.newThread(List.of(PostgresRequests.userSays("one")));
        NewRun askedRun = PostgresRequests.newRun(Strategy.CONCURRENT);

        cut(moment, "insert into threads");
        StoredRun created = admission
                .createThreadAndRun(TenantId.DEFAULT, asked, askedRun)
                .block(TestPostgres.PATIENCE)
                .run();

        var key = new ThreadKey(TenantId.DEFAULT, asked.id());
        assertThat(created.key()).isEqualTo(new RunKey(key, 2, askedRun.id()));
        assertThat(count("runs", key)).isEqualTo(1L);
        assertThat(count("turns", key)).isEqualTo(2L);
        assertThat(count("thread_inbox", key)).isEqualTo(2L);
    }

    @Test
    void noConnectionIsLostToThePoolByBrokenOnes() {
        for (int i = 0; i < 12; i++) {
            cut(i % 2 == 0 ? Moment.BEFORE : Moment.AFTER, COMMIT);
            admission
                    .addMessage(thread, PostgresRequests.userSays("Hello"), WhileActive.ALLOW)
                    .block(TestPostgres.PATIENCE);
        }

        assertThat(everyConnectionAtOnce()).containsOnly(1).hasSize(MAX_CONNECTIONS);
    }

    @Test
    void aRequestFindsAConnectionWhenAllThatLayInThePoolAreDead() throws InterruptedException {
        everyConnectionAtOnce();
        POSTGRES.rows("""
                select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = current_database() and application_name = 'heddle'
                """);
        LINE.awaitHungUp();

        assertThat(overLine.database().change("select 1").block(TestPostgres.PATIENCE))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40P01", "40001", "53100", "53300", "55P03", "57014", "57P01", "58030", "08006", "XX000"})
    void whatMayPassIsTriedAgain(String sqlState) {
        writer.store(run, admitted());
        POSTGRES.rows("create sequence attempts");
        POSTGRES.rows("""
                create function fail() returns trigger language plpgsql as $$
                begin
                    if nextval('attempts') < 3 then
                        raise exception using errcode = '%s';
                    end if;
                    return new;
                end $$
                """.formatted(sqlState));
        POSTGRES.rows("create trigger fail before insert on event_log for each row execute function fail()");
        try {
            assertThat(writer.send(writer.next(run, started()))).isEqualTo(STORED);
            assertThat(POSTGRES.value("select last_value from attempts")).isEqualTo(3L);
        } finally {
            POSTGRES.rows("drop trigger fail on event_log");
            POSTGRES.rows("drop function fail");
            POSTGRES.rows("drop sequence attempts");
        }
    }

    @Test
    void appendsOutliveARestartOfTheDatabase(@TempDir Path home) {
        var first = EmbeddedPostgres.start(home);
        try (var line = new CutLine(first.url());
                var postgres = TestPostgres.on(line.url())) {
            var requests = new PostgresRequests(postgres);
            EventLog log = postgres.log();
            List<TestWriter> writers = IntStream.range(0, 10)
                    .mapToObj(_ -> new TestWriter(log, requests.newThread(), 0))
                    .toList();
            List<Append> appends = writers.stream()
                    .map(each -> each.next(requests.newRun(each.thread(), 1), life("a", "b")))
                    .toList();
            first.close();

            var outcomes = Flux.fromIterable(appends)
                    .flatMapSequential(log::append, appends.size())
                    .collectList()
                    .toFuture();
            try (var second = EmbeddedPostgres.start(home)) {
                line.leadsTo(second.url());

                assertThat(outcomes.orTimeout(20, TimeUnit.SECONDS).join())
                        .hasSize(10)
                        .containsOnly(STORED);
                assertThat(appends)
                        .allSatisfy(append -> assertThat(
                                        log.readThread(append.thread(), 0, 100).block(TestPostgres.PATIENCE))
                                .isEqualTo(append.events()));
            }
        }
    }

    /** As it goes over the line. */
    private static String bytes(UUID id) {
        var bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
        return new String(bytes.array(), ISO_8859_1);
    }

    private void cut(Moment moment, String word) {
        LINE.cut(moment, word);
        cuts++;
    }

    private List<Integer> everyConnectionAtOnce() {
        return Flux.range(0, MAX_CONNECTIONS)
                .flatMap(
                        _ -> overLine.database()
                                .one("select 1 as one from pg_sleep(0.2)", row -> row.get("one", Integer.class)),
                        MAX_CONNECTIONS)
                .collectList()
                .block(TestPostgres.PATIENCE);
    }

    private Object count(String table) {
        return count(table, thread);
    }

    private static Object count(String table, ThreadKey thread) {
        return POSTGRES.value(
                "select count(*) from " + table + " where thread_id = ?",
                thread.id().value());
    }
}
