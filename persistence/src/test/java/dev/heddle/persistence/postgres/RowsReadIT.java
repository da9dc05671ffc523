package dev.heddle.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.CallPairs;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.RunContext;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.publisher.Mono;

/** How many rows PostgreSQL reads for an answer, on a thread of 10,000 turns among 400 others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowsReadIT {
    private static final int TURNS = 10_000;
    private static final int PAGE = 20;

    private StoredRows rows;
    private PostgresRuns runs;
    private PostgresItems items;
    private ThreadKey thread;

    @BeforeAll
    void start() {
        rows = new StoredRows(1);
        var threads = new PostgresThreads(rows.database());
        runs = new PostgresRuns(rows.database(), threads);
        items = new PostgresItems(rows.database(), threads, runs);
        rows.change("""
                insert into threads (tenant_id, id, metadata)
                select 'default', md5('thread ' || n)::uuid, '{}' from generate_series(0, 400) n
                """);
        fill(0, TURNS);
        fill(400, 30);
        rows.change("analyze");
        thread = new ThreadKey(TenantId.DEFAULT, new ThreadId(uuid("thread 0")));
    }

    /** Threads 0 … last: messages in odd turns, each answered by the run of the next turn; the last four still work. */
    private void fill(int last, int turns) {
        rows.change("""
                insert into turns (tenant_id, thread_id, number, run_id, adopted_by)
                select 'default', md5('thread ' || t)::uuid, n,
                       case n % 2 when 0 then md5('run ' || t || '.' || n)::uuid end,
                       case n % 2 when 1 then md5('run ' || t || '.' || n + 1)::uuid end
                  from generate_series(case $1 when 0 then 0 else 1 end, $1) t, generate_series(1, $2) n
                """, last, turns);
        rows.change("""
                insert into runs (tenant_id, thread_id, turn, id, inputs, strategy, spec, metadata, expires_at, status,
                                  started_seq, ended_seq)
                select 'default', md5('thread ' || t)::uuid, n, md5('run ' || t || '.' || n)::uuid, 0, 'concurrent',
                       $3::jsonb, '{}', now(), 'completed', n * 10, case when n <= $2 - 8 then n * 10 + 5 end
                  from generate_series(case $1 when 0 then 0 else 1 end, $1) t, generate_series(2, $2, 2) n
                """, last, turns, JsonText.of(StoredRows.spec()));
        rows.change("""
                insert into items (tenant_id, thread_id, turn, item_index, id, output_of, kind, status, item, created_at)
                select 'default', md5('thread ' || t)::uuid, n, 0, md5('item ' || t || '.' || n)::uuid,
                       case n % 2 when 0 then md5('run ' || t || '.' || n)::uuid end, 'message', 'completed',
                       '{"type":"message","role":"user","content":[]}', now()
                  from generate_series(case $1 when 0 then 0 else 1 end, $1) t, generate_series(1, $2) n
                """, last, turns);
    }

    @AfterAll
    void stop() {
        rows.close();
    }

    @Test
    void aPageOfMessagesReadsThePage() {
        for (var order : Order.values()) {
            assertThat(rowsRead(items.messages(thread, Optional.empty(), first(order))))
                    .isBetween((long) PAGE, 3L * PAGE);
            assertThat(rowsRead(items.messages(thread, Optional.empty(), after(order, item(TURNS / 2)))))
                    .isBetween((long) PAGE, 3L * PAGE);
            assertThat(rowsRead(items.messages(thread, Optional.empty(), before(order, item(TURNS / 2)))))
                    .isBetween((long) PAGE, 3L * PAGE);
        }
    }

    @Test
    void aPageOfRunsReadsThePage() {
        for (var order : Order.values()) {
            assertThat(rowsRead(runs.list(thread, first(order)))).isBetween((long) PAGE, 3L * PAGE);
            assertThat(rowsRead(runs.list(thread, after(order, run(TURNS / 2).id()))))
                    .isBetween((long) PAGE, 3L * PAGE);
            assertThat(rowsRead(runs.list(thread, before(order, run(TURNS / 2).id()))))
                    .isBetween((long) PAGE, 3L * PAGE);
        }
    }

    @Test
    void whatARunProducedIsFoundByTheRun() {
        var run = run(TURNS / 2);

        assertThat(rowsRead(items.outputs(run))).isBetween(1L, 10L);
        assertThat(rowsRead(items.messages(thread, Optional.of(run.id()), first(Order.DESCENDING))))
                .isBetween(1L, 10L);
    }

    @Test
    void aContextReadsWhatItReturns() {
        var early = run(100);
        var late = run(TURNS);

        assertThat(items.context(early, 1_000).map(RunContext::items).block()).hasSize(100);
        assertThat(rowsRead(items.context(early, 1_000).map(RunContext::items))).isBetween(100L, 3L * 100);
        assertThat(items.context(late, 10L * TURNS).map(RunContext::items).block())
                .hasSize(TURNS - 6);
        assertThat(rowsRead(items.context(late, 10L * TURNS).map(RunContext::items)))
                .isBetween((long) TURNS, 3L * TURNS);
        assertThat(items.history(thread, 100).block()).hasSize(100);
        assertThat(rowsRead(items.history(thread, 100))).isBetween(100L, 4L * 100);
    }

    @Test
    void theCallsOfAThreadAreFoundWithoutWhatWasSaid() {
        var asked = run(TURNS / 2);
        call(asked, 1, "function_call", "answered");
        call(asked, 2, "function_call", "open");
        call(run(TURNS / 2 + 2), 1, "function_call_output", "answered");

        var calls = items.calls(thread, TURNS);

        assertThat(calls.block())
                .isEqualTo(
                        new CallPairs(Set.of(new CallId("answered"), new CallId("open")), List.of(new CallId("open"))));
        assertThat(rowsRead(calls)).isBetween(3L, 40L);
        rows.change("delete from items where kind <> 'message'");
    }

    @Test
    void aPageAndAContextOfABranchReadWhatTheyReturn() {
        var branch = rows.branch(run(TURNS / 2), 10L * TURNS);
        var next = rows.run(branch, TURNS / 2 + 1, 1);
        rows.input(next, 0);

        for (var order : Order.values()) {
            assertThat(rowsRead(items.all(branch, first(order)))).isBetween((long) PAGE, 5L * PAGE);
            assertThat(rowsRead(items.all(branch, after(order, item(TURNS / 4)))))
                    .isBetween((long) PAGE, 5L * PAGE);
            assertThat(rowsRead(items.all(branch, before(order, item(TURNS / 4)))))
                    .isBetween((long) PAGE, 5L * PAGE);
        }
        assertThat(items.context(next, 1).map(RunContext::items).block()).hasSize(TURNS / 2 + 1);
        assertThat(rowsRead(items.context(next, 1).map(RunContext::items))).isBetween(TURNS / 2L, 3L * TURNS / 2);
        assertThat(rowsRead(items.find(branch, item(TURNS / 4)))).isBetween(1L, 10L);
        assertThat(rowsRead(runs.find(TenantId.DEFAULT, next.id()))).isBetween(1L, 10L);
    }

    private void call(RunKey run, int index, String kind, String call) {
        rows.change("""
                insert into items (tenant_id, thread_id, turn, item_index, id, output_of, kind, status, item, created_at)
                values ('default', $1, $2, $3, gen_random_uuid(), $4, $5, 'completed',
                        jsonb_build_object('type', $5::text, 'call', $6::text), now())
                """, thread.id().value(), run.turn(), index, run.id().value(), kind, call);
    }

    private long rowsRead(Mono<?> answer) {
        return new RowsRead(rows).by(answer);
    }

    private RunKey run(long turn) {
        return new RunKey(thread, turn, new RunId(uuid("run 0." + turn)));
    }

    private ItemId item(long turn) {
        return new ItemId(uuid("item 0." + turn));
    }

    private UUID uuid(String name) {
        return rows.database()
                .one("select md5($1)::uuid as id", row -> Column.of(row, "id", UUID.class), name)
                .block();
    }

    private static <I> PageRequest<I> first(Order order) {
        return new PageRequest<>(PAGE, order, Optional.empty(), Optional.empty());
    }

    private static <I> PageRequest<I> after(Order order, I cursor) {
        return new PageRequest<>(PAGE, order, Optional.of(cursor), Optional.empty());
    }

    private static <I> PageRequest<I> before(Order order, I cursor) {
        return new PageRequest<>(PAGE, order, Optional.empty(), Optional.of(cursor));
    }
}
