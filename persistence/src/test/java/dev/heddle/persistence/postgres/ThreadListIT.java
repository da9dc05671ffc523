package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.ListedThread;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.ThreadStatus;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunStatus;
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

/** Which threads a list holds. That its pages fit together is the matter of {@link PagingIT}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreadListIT {
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
    void aTenantSeesItsOwnThreads() {
        var red = new TenantId("red");
        var mine = rows.thread(red);
        var foreign = rows.thread(new TenantId("blue"));

        assertThat(ids(threads.list(red, ThreadFilter.ALL, page(20, Optional.empty()))
                        .block()))
                .containsExactly(mine.id());
        assertProblem(
                threads.list(red, ThreadFilter.ALL, page(20, Optional.of(foreign.id()))),
                new Problem.ThreadNotFound(foreign.id()));
    }

    @Test
    void aDeletedThreadIsNotListedAndStillIsACursor() {
        var tenant = new TenantId("deleting");
        var first = rows.thread(tenant);
        var second = rows.thread(tenant);
        var third = rows.thread(tenant);
        rows.delete(second);

        assertThat(ids(tenant, ThreadFilter.ALL)).containsExactly(first.id(), third.id());
        assertThat(ids(threads.list(tenant, ThreadFilter.ALL, page(20, Optional.of(second.id())))
                        .block()))
                .containsExactly(third.id());
    }

    @Test
    void aCursorOfNothingIsNotFound() {
        var unknown = ThreadId.fresh();

        assertProblem(
                threads.list(TenantId.DEFAULT, ThreadFilter.ALL, page(20, Optional.of(unknown))),
                new Problem.ThreadNotFound(unknown));
    }

    @Test
    void everyPairOfMetadataMustBeThereExactly() {
        var tenant = new TenantId("metadata");
        var both = thread(tenant, Map.of("topic", "looms", "user.id", "a\"b"));
        var one = thread(tenant, Map.of("topic", "looms"));
        thread(tenant, Map.of("topic", "loom"));
        thread(tenant, Map.of("Topic", "looms"));
        thread(tenant, Map.of("topic", List.of("looms")));

        assertThat(ids(tenant, metadata(Map.of("topic", "looms")))).containsExactly(both, one);
        assertThat(ids(tenant, metadata(Map.of("topic", "looms", "user.id", "a\"b"))))
                .containsExactly(both);
        assertThat(ids(tenant, metadata(Map.of("topic", "looms", "user.id", "b"))))
                .isEmpty();
        assertThat(ids(tenant, metadata(Map.of("topic", "")))).isEmpty();
    }

    @Test
    void aThreadIsActiveWhileARunHasNotEnded() {
        var tenant = new TenantId("status");
        var empty = rows.thread(tenant);
        var waiting = rows.thread(tenant);
        rows.run(waiting, 1, 0);
        var paused = rows.thread(tenant);
        rows.start(rows.run(paused, 1, 0), 2);
        rows.change(
                "update runs set status = 'requires_action' where thread_id = $1",
                paused.id().value());
        var ended = rows.thread(tenant);
        rows.end(rows.run(ended, 1, 0), RunStatus.COMPLETED, 3);
        var mixed = rows.thread(tenant);
        rows.end(rows.run(mixed, 1, 0), RunStatus.COMPLETED, 3);
        rows.run(mixed, 2, 0);

        assertThat(ids(tenant, status(ThreadStatus.ACTIVE))).containsExactly(waiting.id(), paused.id(), mixed.id());
        assertThat(ids(tenant, status(ThreadStatus.IDLE))).containsExactly(empty.id(), ended.id());
        assertThat(list(tenant, ThreadFilter.ALL).data().stream().map(ListedThread::status))
                .containsExactly(
                        ThreadStatus.IDLE,
                        ThreadStatus.ACTIVE,
                        ThreadStatus.ACTIVE,
                        ThreadStatus.IDLE,
                        ThreadStatus.ACTIVE);
    }

    @Test
    void aWithdrawnRunMakesNoThreadActive() {
        var tenant = new TenantId("withdrawn");
        var thread = rows.thread(tenant);
        rows.start(rows.run(thread, 1, 0), 2);
        rows.change(
                "update turns set withdrawn = true where thread_id = $1",
                thread.id().value());

        assertThat(ids(tenant, status(ThreadStatus.IDLE))).containsExactly(thread.id());
        assertThat(ids(tenant, status(ThreadStatus.ACTIVE))).isEmpty();
    }

    @Test
    void filtersAreCombined() {
        var tenant = new TenantId("combined");
        var wanted = thread(tenant, Map.of("topic", "looms"));
        rows.run(new ThreadKey(tenant, wanted), 1, 0);
        thread(tenant, Map.of("topic", "looms"));
        rows.run(new ThreadKey(tenant, thread(tenant, Map.of())), 1, 0);

        assertThat(ids(tenant, new ThreadFilter(Map.of("topic", "looms"), Optional.of(ThreadStatus.ACTIVE))))
                .containsExactly(wanted);
    }

    private ThreadId thread(TenantId tenant, Map<String, Object> metadata) {
        var thread = rows.thread(tenant);
        rows.change(
                "update threads set metadata = $2::jsonb where id = $1",
                thread.id().value(),
                JsonText.of(metadata));
        return thread.id();
    }

    private List<ThreadId> ids(TenantId tenant, ThreadFilter filter) {
        return ids(list(tenant, filter));
    }

    private Page<ListedThread> list(TenantId tenant, ThreadFilter filter) {
        return threads.list(tenant, filter, page(20, Optional.empty())).block();
    }

    private static List<ThreadId> ids(Page<ListedThread> page) {
        return page.data().stream().map(listed -> listed.thread().key().id()).toList();
    }

    private static ThreadFilter metadata(Map<String, Object> metadata) {
        return new ThreadFilter(metadata, Optional.empty());
    }

    private static ThreadFilter status(ThreadStatus status) {
        return new ThreadFilter(Map.of(), Optional.of(status));
    }

    private static PageRequest<ThreadId> page(int limit, Optional<ThreadId> after) {
        return new PageRequest<>(limit, Order.ASCENDING, after, Optional.empty());
    }
}
