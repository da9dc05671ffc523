package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.ThreadChange;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresThreadsIT {
    private StoredRows rows;
    private PostgresThreads threads;

    @BeforeAll
    void start() {
        rows = new StoredRows(4);
        threads = new PostgresThreads(rows.database());
    }

    @AfterAll
    void stop() {
        rows.close();
    }

    @Test
    void aThreadIsFoundByItsTenant() {
        var thread = rows.thread(TenantId.DEFAULT);

        var found = threads.find(thread).block();

        assertThat(found.key()).isEqualTo(thread);
        assertThat(found.createdAt()).isNotNull();
        assertThat(found.metadata()).isEmpty();
    }

    @Test
    void metadataAreReplacedAsAWhole() {
        var thread = rows.thread(TenantId.DEFAULT);
        threads.change(thread, metadata(Map.of("a", "1", "b", List.of(true, 2))))
                .block();

        var replaced = threads.change(thread, metadata(Map.of("b", "3"))).block();

        assertThat(replaced.metadata()).isEqualTo(Map.of("b", "3"));
        assertThat(threads.find(thread).block()).isEqualTo(replaced);
    }

    @Test
    void theStrategyIsChangedAndTakenAwayByItself() {
        var thread = rows.thread(TenantId.DEFAULT);
        threads.change(thread, metadata(Map.of("a", "1"))).block();

        var changed =
                threads.change(thread, strategy(Optional.of(Strategy.ROLLBACK))).block();
        var cleared = threads.change(thread, strategy(Optional.empty())).block();

        assertThat(changed.strategy()).contains(Strategy.ROLLBACK);
        assertThat(changed.metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(cleared.strategy()).isEmpty();
    }

    @Test
    void theStrategyStaysWhereNothingIsSaidOfIt() {
        var thread = rows.thread(TenantId.DEFAULT);
        threads.change(thread, strategy(Optional.of(Strategy.INTERRUPT))).block();

        var changed = threads.change(thread, metadata(Map.of("a", "1"))).block();

        assertThat(changed.strategy()).contains(Strategy.INTERRUPT);
        assertThat(threads.find(thread).block()).isEqualTo(changed);
    }

    @Test
    void aThreadThatIsNotThereIsNotFound() {
        var unknown = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());

        assertProblem(threads.find(unknown), new Problem.ThreadNotFound(unknown.id()));
        assertProblem(threads.change(unknown, metadata(Map.of())), new Problem.ThreadNotFound(unknown.id()));
    }

    @Test
    void aDeletedThreadIsNotFound() {
        var deleted = rows.thread(TenantId.DEFAULT);
        rows.delete(deleted);

        assertProblem(threads.find(deleted), new Problem.ThreadNotFound(deleted.id()));
        assertProblem(threads.change(deleted, metadata(Map.of())), new Problem.ThreadNotFound(deleted.id()));
    }

    private static ThreadChange metadata(Map<String, Object> metadata) {
        return new ThreadChange(Optional.of(metadata), Optional.empty());
    }

    private static ThreadChange strategy(Optional<Strategy> strategy) {
        return new ThreadChange(Optional.empty(), Optional.of(new ThreadChange.Default(strategy)));
    }
}
