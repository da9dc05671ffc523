package dev.heddle.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.ListedThread;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.ThreadStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.publisher.Mono;

/** How many rows PostgreSQL reads to list threads, where a tenant has 20,000 of them, with an ended run each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyThreadsIT {
    private static final int THREADS = 20_000;
    private static final int PAGE = 20;

    private StoredRows rows;
    private PostgresThreads threads;

    @BeforeAll
    void start() {
        rows = new StoredRows(1);
        threads = new PostgresThreads(rows.database());
        rows.change("""
                insert into threads (tenant_id, id, created_at, metadata, deleted_at)
                select tenant, md5(tenant || n)::uuid, now() + n * interval '1 second',
                       jsonb_build_object('user', 'u' || n % 4000, 'env', 'prod'),
                       case when n % 10 = 0 then now() end
                  from generate_series(1, $1) n, (values ('default'), ('foreign')) as v (tenant)
                """, THREADS);
        rows.change("""
                insert into runs (tenant_id, thread_id, turn, id, inputs, strategy, spec, metadata, expires_at, status,
                                  ended_seq)
                select t.tenant_id, t.id, 1, gen_random_uuid(), 0, 'concurrent', $1::jsonb, '{}', now(), 'completed',
                       case when t.metadata ->> 'user' <> 'u7' then 5 end
                  from threads t
                """, JsonText.of(StoredRows.spec()));
        rows.change("analyze");
    }

    @AfterAll
    void stop() {
        rows.close();
    }

    @Test
    void aPageReadsThePage() {
        var middle = list(ThreadFilter.ALL, first(Order.ASCENDING))
                .map(page -> id(page, PAGE - 1))
                .block();

        for (var order : Order.values()) {
            assertThat(rowsRead(ThreadFilter.ALL, first(order))).isBetween((long) PAGE, 3L * PAGE);
            assertThat(rowsRead(ThreadFilter.ALL, after(order, middle))).isBetween((long) PAGE, 3L * PAGE);
        }
    }

    @Test
    void metadataThatFewThreadsHaveAreLookedUp() {
        var filter = new ThreadFilter(Map.of("user", "u7"), Optional.empty());

        assertThat(list(filter, first(Order.DESCENDING)).block().data()).hasSize(5);
        assertThat(rowsRead(filter, first(Order.DESCENDING))).isBetween(5L, 50L);
    }

    @Test
    void metadataThatAllThreadsHaveReadThePage() {
        var filter = new ThreadFilter(Map.of("env", "prod"), Optional.empty());

        assertThat(rowsRead(filter, first(Order.DESCENDING))).isBetween((long) PAGE, 5L * PAGE);
    }

    @Test
    void activeThreadsAreFoundByTheirRuns() {
        var filter = new ThreadFilter(Map.of(), Optional.of(ThreadStatus.ACTIVE));

        assertThat(list(filter, first(Order.DESCENDING)).block().data()).hasSize(5);
        assertThat(rowsRead(filter, first(Order.DESCENDING))).isBetween(5L, 100L);
    }

    @Test
    void idleThreadsReadThePage() {
        var filter = new ThreadFilter(Map.of(), Optional.of(ThreadStatus.IDLE));

        assertThat(rowsRead(filter, first(Order.DESCENDING))).isBetween((long) PAGE, 5L * PAGE);
    }

    private long rowsRead(ThreadFilter filter, PageRequest<ThreadId> request) {
        return new RowsRead(rows).by(list(filter, request));
    }

    private Mono<Page<ListedThread>> list(ThreadFilter filter, PageRequest<ThreadId> request) {
        return threads.list(TenantId.DEFAULT, filter, request);
    }

    private static ThreadId id(Page<ListedThread> page, int index) {
        return page.data().get(index).thread().key().id();
    }

    private static PageRequest<ThreadId> first(Order order) {
        return new PageRequest<>(PAGE, order, Optional.empty(), Optional.empty());
    }

    private static PageRequest<ThreadId> after(Order order, ThreadId cursor) {
        return new PageRequest<>(PAGE, order, Optional.of(cursor), Optional.empty());
    }
}
