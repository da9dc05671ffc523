package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.ThreadChange;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whoever knows another tenant's ids gets the answer that whoever made them up gets, and changes nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantIsolationIT {
    private static final TenantId FOREIGN = new TenantId("foreign");

    private StoredRows rows;
    private PostgresThreads threads;
    private PostgresRuns runs;
    private PostgresItems items;
    private PostgresAssistants assistants;

    private RunKey run;
    private RunKey foreignRun;
    private ItemId output;
    private Problem threadNotFound;

    @BeforeAll
    void start() {
        rows = new StoredRows(4);
        threads = new PostgresThreads(rows.database());
        runs = new PostgresRuns(rows.database(), threads);
        items = new PostgresItems(rows.database(), threads, runs);
        assistants = new PostgresAssistants(rows.database());

        run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        output = rows.output(run, 0);
        foreignRun = new RunKey(new ThreadKey(FOREIGN, run.thread().id()), run.turn(), run.id());
        threadNotFound = new Problem.ThreadNotFound(run.thread().id());
    }

    @AfterAll
    void stop() {
        rows.close();
    }

    @Test
    void threads() {
        assertProblem(threads.find(foreignRun.thread()), threadNotFound);
        assertProblem(
                threads.change(
                        foreignRun.thread(), new ThreadChange(Optional.of(Map.of("by", "foreign")), Optional.empty())),
                threadNotFound);

        assertProblem(threads.hold(foreignRun.thread(), Duration.ofHours(1)), threadNotFound);

        assertThat(threads.find(run.thread()).block().metadata()).isEmpty();
    }

    @Test
    void runs() {
        var thread = foreignRun.thread();

        assertProblem(runs.find(thread, run.id()), threadNotFound);
        assertProblem(runs.find(FOREIGN, run.id()), new Problem.RunNotFound(run.id()));
        assertProblem(runs.active(thread), threadNotFound);
        assertProblem(runs.list(thread, all()), threadNotFound);
        assertProblem(runs.list(thread, after(run.id())), threadNotFound);
        assertProblem(runs.replaceMetadata(thread, run.id(), Map.of("by", "foreign")), threadNotFound);

        assertThat(runs.find(run.thread(), run.id()).block().metadata()).isEmpty();
    }

    @Test
    void items() {
        var thread = foreignRun.thread();

        assertProblem(items.find(thread, output), threadNotFound);
        assertProblem(items.messages(thread, Optional.empty(), all()), threadNotFound);
        assertProblem(items.messages(thread, Optional.empty(), after(output)), threadNotFound);
        assertProblem(items.messages(thread, Optional.of(run.id()), all()), threadNotFound);
        assertProblem(items.outputs(foreignRun), threadNotFound);
        assertProblem(items.replaceMetadata(thread, output, Map.of("by", "foreign")), threadNotFound);
        assertProblem(items.context(foreignRun, 2), threadNotFound);
        assertProblem(items.all(thread, all()), threadNotFound);
        assertProblem(items.all(thread, after(output)), threadNotFound);
        assertProblem(items.inputs(foreignRun, all()), threadNotFound);
        assertProblem(items.history(thread, 1), threadNotFound);
        assertProblem(items.calls(thread, 1), threadNotFound);
        assertProblem(items.findAll(FOREIGN, List.of(output)), new Problem.ItemNotFound(output));

        assertThat(items.find(run.thread(), output).block().metadata()).isEmpty();
    }

    @Test
    void assistants() {
        var spec = new AssistantSpec("demo", null, null, null, ModelOptions.DEFAULTS, List.of(), null, Map.of());
        var created = assistants.create(TenantId.DEFAULT, spec).block();
        var notFound = new Problem.AssistantNotFound(created.id());

        assertProblem(assistants.find(FOREIGN, created.id()), notFound);
        assertProblem(assistants.list(FOREIGN, after(created.id())), notFound);
        assertProblem(assistants.change(FOREIGN, created.id(), given -> given), notFound);
        assertProblem(assistants.delete(FOREIGN, created.id()), notFound);

        assertThat(assistants.list(FOREIGN, all()).block().data()).isEmpty();
        assertThat(assistants.find(TenantId.DEFAULT, created.id()).block()).isEqualTo(created);
    }

    private static <I> PageRequest<I> all() {
        return new PageRequest<>(20, Order.ASCENDING, Optional.empty(), Optional.empty());
    }

    private static <I> PageRequest<I> after(I cursor) {
        return new PageRequest<>(20, Order.ASCENDING, Optional.of(cursor), Optional.empty());
    }
}
