package dev.heddle.persistence.postgres;

import static dev.heddle.streaming.run.TestRuns.life;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The group commit on a real server. */
class GroupCommitIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final EventLog log = POSTGRES.log(new GroupCommit(
            new Committer(POSTGRES.database())::commit, Schedulers.parallel(), Duration.ofMillis(500), 1, 512));

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void theAppendsOfOneWindowAndAllTheirRowsAreOneTransaction() {
        log.append(firstLife()).block(TestPostgres.PATIENCE); // The window begins with a commit.
        List<Append> appends = IntStream.range(0, 30).mapToObj(_ -> firstLife()).toList();

        List<AppendOutcome> outcomes = Flux.fromIterable(appends)
                .flatMapSequential(log::append, appends.size())
                .collectList()
                .block(TestPostgres.PATIENCE);

        assertThat(outcomes).hasSize(30).containsOnly(new AppendOutcome.Stored());
        assertThat(transactionsOf(appends)).hasSize(1);
    }

    private Append firstLife() {
        ThreadKey another = REQUESTS.newThread();
        return new TestWriter(log, another, 0).next(REQUESTS.newRun(another, 1), life("one"));
    }

    /** The transactions that wrote any log row, run or item of these threads, by their numbers in PostgreSQL. */
    private static List<Map<String, Object>> transactionsOf(List<Append> appends) {
        UUID[] threads =
                appends.stream().map(append -> append.thread().id().value()).toArray(UUID[]::new);
        return POSTGRES.rows("""
                select xmin::text from event_log where thread_id = any (?)
                union select xmin::text from runs where thread_id = any (?)
                union select xmin::text from items where thread_id = any (?)
                """, threads, threads, threads);
    }
}
