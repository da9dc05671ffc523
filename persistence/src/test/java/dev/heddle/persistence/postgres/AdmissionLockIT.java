package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.TestPostgres.MAX_CONNECTIONS;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.life;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Admissions that wait for a thread's lock, or whose callers do not. */
class AdmissionLockIT {
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
    void anAdmissionThatWaitsOrWorksStallsNoAppendOfItsThread() throws SQLException {
        RunKey run = admit(newRun(Strategy.CONCURRENT)).key();
        try (Connection slow = POSTGRES.connect()) {
            lock(slow);
            var waiting = admission.admit(thread, newRun(Strategy.CONCURRENT)).toFuture();
            POSTGRES.awaitLockWaiters(1);

            owner.store(run, life("meanwhile"));

            assertThat(waiting).isNotDone();
            slow.commit();
            assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join().key().turn())
                    .isEqualTo(2);
        }
    }

    @Test
    void anAdmissionWhoseCallerGoesAwayWhileItWaitsIsMadeWhole() throws SQLException {
        try (Connection slow = POSTGRES.connect()) {
            lock(slow);
            List<Disposable> callers = IntStream.range(0, 5)
                    .mapToObj(_ -> admission
                            .admit(thread, newRun(Strategy.CONCURRENT, userSays("a")))
                            .subscribe())
                    .toList();
            POSTGRES.awaitLockWaiters(5);

            callers.forEach(Disposable::dispose);
            slow.commit();
        }

        everyConnectionAtOnce();
        assertThat(partsOfAdmissions()).containsExactly(5L, 5L, 5L, 5L);
    }

    @Test
    void anAdmissionWhoseCallerGoesAwayAtAnyMomentIsThereWholeOrNotAtAll() {
        var random = new Random(20260102);

        Flux.range(0, 100)
                .map(_ -> random.nextInt(3000))
                .flatMap(
                        micros -> admission
                                .admit(thread, newRun(Strategy.ENQUEUE, userSays("a")))
                                .onErrorComplete(ProblemException.class)
                                .takeUntilOther(Mono.delay(Duration.ofNanos(micros * 1000L))),
                        4) // Cancelled one by one; their order does not matter.
                .blockLast(PATIENCE);

        everyConnectionAtOnce();
        assertThat(partsOfAdmissions().stream().distinct()).hasSize(1);
    }

    private StoredRun admit(NewRun run) {
        return admission.admit(thread, run).block(PATIENCE);
    }

    private Object id() {
        return thread.id().value();
    }

    /** How many runs there are, turns of runs, inputs and words to the owner. */
    private List<Object> partsOfAdmissions() {
        return List.of(
                POSTGRES.value("select count(*) from runs where thread_id = ?", id()),
                POSTGRES.value("select count(*) from turns where thread_id = ? and run_id is not null", id()),
                POSTGRES.value("select count(*) from items where thread_id = ?", id()),
                POSTGRES.value("select count(*) from thread_inbox where thread_id = ? and kind = 'run'", id()));
    }

    private void lock(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement("select id from threads where id = ? for no key update")) {
            statement.setObject(1, id());
            statement.execute();
        }
    }

    /** Gets every connection of the pool, and so waits for whoever still has one. */
    private static void everyConnectionAtOnce() {
        Flux.range(0, MAX_CONNECTIONS)
                .flatMap(_ -> POSTGRES.database().change("select pg_sleep(0.2)"), MAX_CONNECTIONS)
                .blockLast(PATIENCE);
    }
}
