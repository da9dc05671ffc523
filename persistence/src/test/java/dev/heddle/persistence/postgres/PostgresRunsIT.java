package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresRunsIT {
    private StoredRows rows;
    private PostgresRuns runs;

    @BeforeAll
    void start() {
        rows = new StoredRows(4);
        runs = new PostgresRuns(rows.database(), new PostgresThreads(rows.database()));
    }

    @AfterAll
    void stop() {
        rows.close();
    }

    @Test
    void aQueuedRunIsToldAsItWasAdmitted() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);

        var found = runs.find(run.thread(), run.id()).block();

        assertThat(found.key()).isEqualTo(run);
        assertThat(found.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(found.spec()).isEqualTo(StoredRows.spec());
        assertThat(found.expiresAt()).isAfter(found.createdAt());
        assertThat(found.usage()).isEqualTo(Usage.NONE);
        assertThat(List.of(found.startedAt(), found.endedAt(), found.failure(), found.incomplete()))
                .allMatch(Optional::isEmpty);
    }

    @Test
    void aRunWithoutAssistantHasNone() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        rows.change(
                "update runs set spec = spec - 'assistant' where id = $1",
                run.id().value());

        assertThat(runs.find(run.thread(), run.id()).block().spec().assistant()).isNull();
    }

    @Test
    void anEndedRunTellsHowItEnded() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        rows.start(run, 2);
        rows.end(run, RunStatus.FAILED, 3);
        rows.change(
                "update runs set failure_code = 'rate_limit_exceeded', failure_message = 'Slow down',"
                        + " incomplete_reason = 'max_completion_tokens' where id = $1",
                run.id().value());

        var found = runs.find(run.thread(), run.id()).block();

        assertThat(found.status()).isEqualTo(RunStatus.FAILED);
        assertThat(found.startedAt()).isPresent();
        assertThat(found.endedAt()).isPresent();
        assertThat(found.usage()).isEqualTo(new Usage(3, 4));
        assertThat(found.failure()).contains(new RunFailure(RunFailure.Code.RATE_LIMIT_EXCEEDED, "Slow down"));
        assertThat(found.incomplete()).contains(IncompleteReason.MAX_COMPLETION_TOKENS);
    }

    @Test
    void aStopThatIsAskedForIsToldUntilTheRunHasEnded() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        rows.start(run, 2);

        rows.askToStop(run);
        var asked = runs.find(run.thread(), run.id()).block();
        rows.end(run, RunStatus.COMPLETED, 3);
        var ended = runs.find(run.thread(), run.id()).block();

        assertThat(asked.status()).isEqualTo(RunStatus.CANCELLING);
        assertThat(ended.status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aStopOfAnotherRunChangesNothing() {
        var thread = rows.thread(TenantId.DEFAULT);
        var run = rows.run(thread, 1, 0);
        rows.askToStop(rows.run(thread, 2, 0));

        assertThat(runs.find(thread, run.id()).block().status()).isEqualTo(RunStatus.QUEUED);
    }

    @Test
    void metadataAreReplacedAsAWholeAndNothingElse() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        rows.askToStop(run);
        runs.replaceMetadata(run.thread(), run.id(), Map.of("a", "1")).block();

        var replaced =
                runs.replaceMetadata(run.thread(), run.id(), Map.of("b", "2")).block();

        assertThat(replaced.metadata()).isEqualTo(Map.of("b", "2"));
        assertThat(replaced.status()).isEqualTo(RunStatus.CANCELLING);
        assertThat(runs.find(run.thread(), run.id()).block()).isEqualTo(replaced);
    }

    @Test
    void aRunOfAnotherThreadIsNotFound() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        var other = rows.thread(TenantId.DEFAULT);

        assertProblem(runs.find(other, run.id()), new Problem.RunNotFound(run.id()));
        assertProblem(runs.replaceMetadata(other, run.id(), Map.of()), new Problem.RunNotFound(run.id()));
        assertProblem(runs.list(other, after(run.id())), new Problem.RunNotFound(run.id()));
    }

    @Test
    void theRunsOfADeletedThreadAreNotThereBecauseTheThreadIsNot() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        var deleted = new Problem.ThreadNotFound(run.thread().id());
        rows.delete(run.thread());

        assertProblem(runs.find(run.thread(), run.id()), deleted);
        assertProblem(runs.replaceMetadata(run.thread(), run.id(), Map.of()), deleted);
        assertProblem(runs.list(run.thread(), after(run.id())), deleted);
        assertProblem(runs.list(run.thread(), all()), deleted);
    }

    @Test
    void aThreadWithoutRunsHasAnEmptyList() {
        var page = runs.list(rows.thread(TenantId.DEFAULT), all()).block();

        assertThat(page.data()).isEmpty();
        assertThat(page.hasMore()).isFalse();
    }

    private static PageRequest<RunId> all() {
        return new PageRequest<>(20, Order.DESCENDING, Optional.empty(), Optional.empty());
    }

    private static PageRequest<RunId> after(RunId cursor) {
        return new PageRequest<>(20, Order.DESCENDING, Optional.of(cursor), Optional.empty());
    }
}
