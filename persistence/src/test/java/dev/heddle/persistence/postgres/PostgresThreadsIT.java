package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
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
        threads.replaceMetadata(thread, Map.of("a", "1", "b", List.of(true, 2))).block();

        var replaced = threads.replaceMetadata(thread, Map.of("b", "3")).block();

        assertThat(replaced.metadata()).isEqualTo(Map.of("b", "3"));
        assertThat(threads.find(thread).block()).isEqualTo(replaced);
    }

    @Test
    void aThreadThatIsNotThereIsNotFound() {
        var unknown = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());

        assertProblem(threads.find(unknown), new Problem.ThreadNotFound(unknown.id()));
        assertProblem(threads.replaceMetadata(unknown, Map.of()), new Problem.ThreadNotFound(unknown.id()));
    }

    @Test
    void aDeletedThreadIsNotFound() {
        var deleted = rows.thread(TenantId.DEFAULT);
        rows.delete(deleted);

        assertProblem(threads.find(deleted), new Problem.ThreadNotFound(deleted.id()));
        assertProblem(threads.replaceMetadata(deleted, Map.of()), new Problem.ThreadNotFound(deleted.id()));
    }
}
