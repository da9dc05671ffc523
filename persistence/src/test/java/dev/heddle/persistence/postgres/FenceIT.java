package dev.heddle.persistence.postgres;

import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.OwnedThread;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Two instances that both believe to own a thread: the log is one owner's up to the takeover, the other's behind it. */
class FenceIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final TestPostgres THERE = POSTGRES.reachedBy(POSTGRES.url());
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final int RACES = 8;
    // Three threads a race, all of which block: one that found no thread of its own would wait for ever.
    private static final Scheduler RACERS = Schedulers.newBoundedElastic(3 * RACES, RACES, "racers");
    private static final AppendOutcome STORED = new AppendOutcome.Stored();
    private static final AppendOutcome FENCED = new AppendOutcome.Fenced();

    private final EventLog former = POSTGRES.log();
    private final EventLog later = THERE.log();

    @AfterAll
    static void close() {
        RACERS.dispose();
        POSTGRES.close();
        THERE.close();
    }

    @Test
    void anAppendAfterTheTakeoverIsFencedAndLeavesNoTrace() {
        Takeover takeover = new Takeover();
        Append late = takeover.former.next(takeover.run, started());
        takeover.happens();
        List<Map<String, Object>> before = takeover.everything();

        assertThat(takeover.former.send(late)).isEqualTo(FENCED);

        assertThat(takeover.everything()).isEqualTo(before);
    }

    @Test
    void aLateAppendWhoseFirstEventCollidesStoresNothingOfTheRestThatWouldNot() {
        Takeover takeover = new Takeover();
        RunKey other = REQUESTS.admit(takeover.thread, Strategy.CONCURRENT);
        List<InboxEntry> asked = takeover.inbox();
        Append late = TestWriter.consuming(
                TestWriter.together(
                        takeover.former.next(takeover.run, started(), opened(ItemId.fresh())),
                        takeover.former.next(other, life("never"))),
                asked.getLast().id());
        takeover.happens();
        List<Map<String, Object>> before = takeover.everything();

        assertThat(takeover.former.send(late)).isEqualTo(FENCED);

        assertThat(late.lastSeq()).isGreaterThan(takeover.later.head());
        assertThat(takeover.everything()).isEqualTo(before);
        assertThat(takeover.inbox()).isEqualTo(asked);
    }

    /** Its place is free when it looks, and taken when it is there: the new owner's append commits in between. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void anAppendThatMeetsTheTakeoverIsFencedAndOthersInItsGroupAreStored(int others) throws Exception {
        Takeover takeover = new Takeover();
        List<Append> group = new ArrayList<>(List.of(takeover.former.next(takeover.run, started())));
        Stream.generate(this::ofAnotherThread).limit(others).forEach(group::add);
        takeover.isClaimed();

        try (var uncommitted = POSTGRES.connect()) {
            uncommitted.setAutoCommit(false);
            insert(uncommitted, takeover.ownerChanged());
            var outcomes = new Committer(POSTGRES.database()).commit(group).toFuture();
            POSTGRES.awaitLockWaiters(1);
            uncommitted.commit();

            assertThat(outcomes.get(20, TimeUnit.SECONDS))
                    .startsWith(FENCED)
                    .hasSize(1 + others)
                    .endsWith(Collections.nCopies(others, STORED).toArray(AppendOutcome[]::new));
        }
    }

    private Append ofAnotherThread() {
        RunKey elsewhere = REQUESTS.newRun(REQUESTS.newThread(), 1);
        return new TestWriter(former, elsewhere.thread(), 0).next(elsewhere, admitted());
    }

    /** The row that this append is. */
    private static void insert(Connection connection, Append append) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into event_log (thread_id, first_seq, last_seq, tenant_id, turn, run_id, first_run_seq, epoch,
                                       batch_id, logged_at, payload)
                values (?, ?, ?, ?, 0, null, 0, ?, ?, now(), '[]')
                """)) {
            insert.setObject(1, append.thread().id().value());
            insert.setLong(2, append.firstSeq());
            insert.setLong(3, append.lastSeq());
            insert.setString(4, append.thread().tenant().value());
            insert.setLong(5, append.epoch());
            insert.setObject(6, append.batch());
            insert.executeUpdate();
        }
    }

    @Test
    void anAppendBetweenTheClaimAndItsEventIsStoredAndMovesTheNewOwner() {
        Takeover takeover = new Takeover();
        takeover.isClaimed();
        Append ownerChanged = takeover.ownerChanged();

        takeover.former.store(takeover.run, started());

        assertThat(takeover.later.send(ownerChanged)).isEqualTo(new AppendOutcome.Moved(2));
        takeover.laterBegins(2);
        takeover.later.store(takeover.run, started());
        assertThat(takeover.log()).extracting(LoggedEvent::seq).containsExactly(1L, 2L, 3L, 4L);
        assertThat(takeover.former.send(takeover.former.next(takeover.run, started())))
                .isEqualTo(FENCED);
    }

    @Test
    void howeverTheyRaceTheLogIsGaplessAndFromTheTakeoverOnOneOwners() {
        var random = new Random(20260101);

        Flux.range(0, 200)
                .map(_ -> random.nextInt(6))
                .flatMap(
                        ahead -> Mono.fromRunnable(() -> race(ahead)).subscribeOn(RACERS),
                        RACES) // Races of different threads: their order does not matter.
                .blockLast();
    }

    /** The former owner appends until it is fenced; after some of that, the later one takes over. */
    private void race(int ahead) {
        Takeover takeover = new Takeover();
        RunKey other = REQUESTS.newRun(takeover.thread, 5);
        Mono<Long> formers =
                Mono.fromCallable(() -> takeover.formerWritesUntilFenced(other)).subscribeOn(RACERS);
        Mono<Long> laters = later.head(takeover.thread)
                .repeat()
                .filter(head -> head > ahead)
                .next()
                .publishOn(RACERS)
                .map(_ -> takeover.laterTakesOverAndWrites());

        Mono.zip(formers, laters).block(TestPostgres.PATIENCE);

        assertOneOwnerAfterTheOther(takeover);
    }

    private static void assertOneOwnerAfterTheOther(Takeover takeover) {
        List<LoggedEvent> log = takeover.log();
        assertThat(log)
                .extracting(LoggedEvent::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, log.size()).boxed().toList());
        long turning = log.stream()
                .filter(event -> event.event() instanceof ThreadEvent.OwnerChanged)
                .findFirst()
                .orElseThrow()
                .seq();
        assertThat(takeover.former.head()).isEqualTo(turning - 1);
        assertThat(log.subList(0, (int) turning - 1)).isEqualTo(takeover.former.stored());
        assertThat(log.subList((int) turning - 1, log.size())).isEqualTo(takeover.later.stored());
    }

    /** A thread with one admitted run, whose owner's lease runs out. */
    private final class Takeover {
        private final ThreadKey thread = REQUESTS.newThread();
        private final NodeId there = NodeId.fresh();
        private final TestWriter former;
        private final RunKey run = REQUESTS.newRun(thread, 1);
        private OwnedThread claim;
        private TestWriter later;

        Takeover() {
            OwnedThread owned =
                    POSTGRES.ownership(NodeId.fresh()).own(thread, false).block(TestPostgres.PATIENCE);
            former = new TestWriter(FenceIT.this.former, thread, owned.epoch());
            former.store(run, admitted());
        }

        void happens() {
            isClaimed();
            assertThat(later.send(ownerChanged())).isEqualTo(STORED);
        }

        // Its former owner never joined the living nodes.
        void isClaimed() {
            claim = THERE.ownership(there).own(thread, false).block(TestPostgres.PATIENCE);
            laterIsAt(claim.head());
        }

        void laterIsAt(long head) {
            later = new TestWriter(FenceIT.this.later, thread, claim.epoch(), head);
        }

        Append ownerChanged() {
            return later.next(0, List.of(new ThreadEvent.OwnerChanged(there, claim.epoch())));
        }

        void laterBegins(long head) {
            laterIsAt(head);
            assertThat(later.send(ownerChanged())).isEqualTo(STORED);
        }

        /** Appends of two runs each, as long as they are stored. */
        long formerWritesUntilFenced(RunKey other) {
            var item = ItemId.fresh();
            former.send(TestWriter.together(
                    former.next(run, started(), opened(item)), former.next(other, admitted(), started())));
            AppendOutcome outcome = STORED;
            while (outcome.equals(STORED)) {
                outcome = former.send(
                        TestWriter.together(former.next(run, said(item, "a")), former.next(other, said(item, "b"))));
            }
            assertThat(outcome).isEqualTo(FENCED);
            return former.head();
        }

        long laterTakesOverAndWrites() {
            isClaimed();
            while (later.send(ownerChanged()) instanceof AppendOutcome.Moved moved) {
                laterIsAt(moved.head());
            }
            RunKey own = REQUESTS.newRun(thread, 9);
            for (var event : life("a", "b", "c")) {
                later.store(own, event);
            }
            return later.head();
        }

        List<LoggedEvent> log() {
            return later.head() == 0
                    ? List.of()
                    : FenceIT.this.later.readThread(thread, 0, 10_000).block(TestPostgres.PATIENCE);
        }

        List<InboxEntry> inbox() {
            return POSTGRES.inbox().read(thread, 0, 100).block(TestPostgres.PATIENCE);
        }

        /** Every row that an append could have touched, as PostgreSQL prints it. */
        List<Map<String, Object>> everything() {
            Object id = thread.id().value();
            return POSTGRES.rows("""
                    select 'log' as place, l.xmin::text, l::text from event_log l where l.thread_id = ?
                    union all select 'run', r.xmin::text, r::text from runs r where r.thread_id = ?
                    union all select 'item', i.xmin::text, i::text from items i where i.thread_id = ?
                    union all select 'inbox', b.xmin::text, b::text from thread_inbox b where b.thread_id = ?
                    order by 1, 3
                    """, id, id, id, id);
        }
    }
}
