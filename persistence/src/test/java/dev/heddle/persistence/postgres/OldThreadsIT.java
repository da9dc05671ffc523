package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.newThread;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.life;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Chain;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Short-lived threads: in no list, and gone without a trace when their time is over, but never under anybody's feet. */
class OldThreadsIT {
    private static final List<String> TABLES =
            List.of("turns", "runs", "items", "event_log", "thread_inbox", "tool_calls", "stream_tickets");

    private final TestPostgres postgres = TestPostgres.fresh();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final OldThreads threads = new OldThreads(postgres.database(), time);
    private final Admission admission = postgres.admission();

    @AfterEach
    void close() {
        threads.stop();
        postgres.close();
    }

    @Test
    void itIsDiscardedWithEverythingTenMinutesAfterItsLastRunHasEnded() {
        RunKey run = settled(shortLived(true));
        var ledger = postgres.toolCalls();
        ledger.begin(run, new CallId("call_1"), "tool").block(PATIENCE);
        tickets()
                .issue(new Tickets.Scope(run.thread(), Optional.empty()), Duration.ofMinutes(1))
                .block(PATIENCE);
        RunKey other = settled(shortLived(true));
        aged(run, "9 minutes 55 seconds");
        aged(other, "9 minutes 55 seconds");
        assertThat(threads.prune().block(PATIENCE)).isZero();

        aged(run, "10 minutes 1 second");
        assertThat(threads.prune().block(PATIENCE)).isEqualTo(1);

        assertThat(exists(run.thread())).isFalse();
        for (String table : TABLES) {
            assertThat(postgres.value(
                            "select count(*) from " + table + " where thread_id = ?",
                            run.thread().id().value()))
                    .as(table)
                    .isEqualTo(0L);
        }
        assertThat(postgres.value(
                        "select count(*) from event_log where thread_id = ?",
                        other.thread().id().value()))
                .isNotEqualTo(0L);
    }

    @Test
    void aThreadThatStaysAndOneThatIsHeldAreLeftAlone() {
        RunKey staying = settled(shortLived(false));
        RunKey held = settled(shortLived(true));
        aged(staying, "1 hour");
        aged(held, "1 hour");
        postgres.threads().hold(staying.thread(), Duration.ofHours(1)).block(PATIENCE);
        postgres.threads().hold(held.thread(), Duration.ofHours(1)).block(PATIENCE);
        postgres.threads().hold(held.thread(), Duration.ofMinutes(1)).block(PATIENCE);

        assertThat(threads.prune().block(PATIENCE)).isZero();
        postgres.rows("update threads set held_until = held_until - interval '59 minutes 30 seconds'");
        assertThat(threads.prune().block(PATIENCE)).isZero();
        postgres.rows("update threads set held_until = held_until - interval '31 seconds'");

        assertThat(threads.prune().block(PATIENCE)).isEqualTo(1);
        assertThat(exists(staying.thread())).isTrue();
        assertThat(postgres.value(
                        "select held_until from threads where id = ?",
                        staying.thread().id().value()))
                .isNull();
    }

    @Test
    void onlyWhatIsThereIsHeld() {
        var nowhere = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
        RunKey run = shortLived(true);
        var foreign = new ThreadKey(new TenantId("foreign"), run.thread().id());

        assertProblem(postgres.threads().hold(nowhere, Duration.ofHours(1)), new Problem.ThreadNotFound(nowhere.id()));
        assertProblem(postgres.threads().hold(foreign, Duration.ofHours(1)), new Problem.ThreadNotFound(foreign.id()));
    }

    @Test
    void oneWithAnActiveRunOrWithAWordForItsOwnerIsLeftAlone() {
        RunKey active = shortLived(true);
        RunKey told = settled(shortLived(true));
        aged(active, "1 hour");
        aged(told, "1 hour");
        postgres.rows(
                "delete from thread_inbox where thread_id = ?",
                active.thread().id().value());
        admission
                .deleteItem(
                        told.thread(),
                        postgres.items()
                                .all(told.thread(), page())
                                .block(PATIENCE)
                                .data()
                                .getFirst()
                                .id())
                .block(PATIENCE);

        assertThat(threads.prune().block(PATIENCE)).isZero();
    }

    @Test
    void aParentGoesAfterItsLastBranch() {
        RunKey parent = settled(shortLived(true));
        RunKey child = settled(chain(parent).key());
        aged(parent, "1 hour");
        assertThat(child.thread()).isNotEqualTo(parent.thread());

        assertThat(threads.prune().block(PATIENCE)).isZero();

        aged(child, "1 hour");
        assertThat(threads.prune().block(PATIENCE)).isEqualTo(1);
        assertThat(exists(parent.thread())).isTrue();
        assertThat(threads.prune().block(PATIENCE)).isEqualTo(1);
        assertThat(exists(parent.thread())).isFalse();
    }

    @Test
    void allOfThemGoBiteAfterBite() {
        postgres.rows("""
                insert into threads (tenant_id, id, metadata, short_lived, created_at)
                select 't' || n % 3, gen_random_uuid(), '{}', n % 2 = 0, now() - interval '11 minutes'
                  from generate_series(1, ?) n
                """, 4 * OldThreads.BITE + 10);

        assertThat(threads.prune().block(PATIENCE)).isEqualTo(2 * OldThreads.BITE + 5);
        assertThat(postgres.value("select count(*) from threads")).isEqualTo(2L * OldThreads.BITE + 5);
    }

    @Test
    void aThreadThatSomebodyIsJustAdmittedToIsLeftAlone() throws SQLException {
        RunKey run = settled(shortLived(true));
        aged(run, "1 hour");
        try (Connection admitting = postgres.connect()) {
            lock(admitting, run.thread());

            assertThat(threads.prune().block(PATIENCE)).isZero();

            admitting.rollback();
        }
        assertThat(threads.prune().block(PATIENCE)).isEqualTo(1);
    }

    @Test
    void whoWasAdmittedBeforeTheLockAndAfterTheLookKeepsTheThread() {
        RunKey run = settled(shortLived(true));
        aged(run, "1 hour");
        UUID thread = run.thread().id().value();
        admission.admit(run.thread(), newRun(Strategy.CONCURRENT)).block(PATIENCE);
        postgres.rows("delete from thread_inbox where thread_id = ?", thread);

        Long discarded = postgres.database()
                .inTransaction(session -> OldThreads.discard(session, List.of(thread)))
                .block(PATIENCE);

        assertThat(discarded).isZero();
        assertThat(exists(run.thread())).isTrue();
    }

    @Test
    void ofARunAndTheDiscardingOfItsParentAtOnceOneHappens() {
        for (int i = 0; i < 20; i++) {
            RunKey parent = settled(shortLived(true));
            aged(parent, "1 hour");
            var chain = new Chain(parent, i % 2 == 0, newThread(List.of()));
            var next = newRun(Strategy.CONCURRENT, userSays("next"));

            List<Object> answers = Crowd.answersOf(
                    2,
                    n -> n == 0 ? threads.prune() : admission.chain(chain, next).map(StoredRun::key));

            boolean chained = answers.stream().anyMatch(RunKey.class::isInstance);
            assertThat(answers).contains(chained ? 0L : new Problem.RunNotFound(parent.id()));
            assertThat(exists(parent.thread())).isEqualTo(chained);
        }
    }

    @Test
    void itHappensEveryMinuteUntilItIsStopped() {
        threads.start();
        RunKey run = settled(shortLived(true));
        aged(run, "1 hour");
        time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(exists(run.thread())).isTrue();

        time.advanceTimeBy(Duration.ofSeconds(1));

        Mono.fromCallable(() -> exists(run.thread()))
                .repeat()
                .filter(there -> !there)
                .blockFirst(PATIENCE);
    }

    @Test
    void itIsInNoList() {
        RunKey listed = shortLived(false);
        RunKey unlisted = shortLived(true);
        var filter = new ThreadFilter(Map.of("topic", "looms"), Optional.empty());

        for (var wanted : List.of(ThreadFilter.ALL, filter)) {
            assertThat(postgres.threads()
                            .list(TenantId.DEFAULT, wanted, page())
                            .block(PATIENCE)
                            .data())
                    .extracting(found -> found.thread().key())
                    .containsExactly(listed.thread());
        }
        assertThat(postgres.threads().find(unlisted.thread()).block(PATIENCE).key())
                .isEqualTo(unlisted.thread());
    }

    private RunKey shortLived(boolean shortLived) {
        var thread = new NewThread(ThreadId.fresh(), List.of(), Optional.empty(), Map.of("topic", "looms"), shortLived);
        return admission
                .createThreadAndRun(TenantId.DEFAULT, thread, newRun(Strategy.CONCURRENT, userSays("Hello")))
                .block(PATIENCE)
                .run()
                .key();
    }

    private StoredRun chain(RunKey parent) {
        var branch = new NewThread(ThreadId.fresh(), List.of(), Optional.empty(), Map.of(), true);
        return admission
                .chain(new Chain(parent, false, branch), newRun(Strategy.CONCURRENT, userSays("next")))
                .block(PATIENCE);
    }

    private RunKey settled(RunKey run) {
        new TestWriter(postgres.log(), run.thread(), 0).store(run, life("said"));
        postgres.rows(
                "delete from thread_inbox where thread_id = ?",
                run.thread().id().value());
        return run;
    }

    /** Moves the clock for a thread and its run. */
    private void aged(RunKey run, String age) {
        UUID thread = run.thread().id().value();
        postgres.rows(
                "update threads set created_at = now() - interval '1 minute' - cast(? as interval) where id = ?",
                age,
                thread);
        postgres.rows(
                "update runs set ended_at = now() - cast(? as interval) where ended_seq is not null and thread_id = ?",
                age,
                thread);
    }

    private boolean exists(ThreadKey thread) {
        return !postgres.rows("select id from threads where id = ?", thread.id().value())
                .isEmpty();
    }

    private PostgresTickets tickets() {
        return new PostgresTickets(
                postgres.database(), postgres.threads(), new PostgresRuns(postgres.database(), postgres.threads()));
    }

    private static void lock(Connection admitting, ThreadKey thread) throws SQLException {
        admitting.setAutoCommit(false);
        try (var statement = admitting.prepareStatement("select id from threads where id = ? for no key update")) {
            statement.setObject(1, thread.id().value());
            statement.execute();
        }
    }

    private static <I> PageRequest<I> page() {
        return new PageRequest<>(100, Order.ASCENDING, Optional.empty(), Optional.empty());
    }
}
