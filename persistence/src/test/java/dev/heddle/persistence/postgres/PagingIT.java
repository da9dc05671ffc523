package dev.heddle.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Assistant;
import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.ThreadStatus;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** Every list, against the list that is known. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagingIT {
    private static final int SIZE = 200;

    private StoredRows rows;
    private final List<PagedList<?>> lists = new ArrayList<>();

    /** A list of {@link #SIZE} things, and what it must contain in its own order. */
    record PagedList<I>(String name, List<I> ids, Function<PageRequest<I>, Mono<Page<I>>> pages) {
        List<I> ids(Order order) {
            return order == Order.ASCENDING ? ids : ids.reversed();
        }

        Page<I> page(int limit, Order order, Optional<I> after, Optional<I> before) {
            return pages.apply(new PageRequest<>(limit, order, after, before)).block();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void start() {
        rows = new StoredRows(4);
        assistants();
        runsAndMessages();
        outputs();
        inputs();
        branches();
        threads();
    }

    @AfterAll
    void stop() {
        rows.close();
    }

    private void assistants() {
        var assistants = new PostgresAssistants(rows.database());
        var spec = new AssistantSpec("demo", null, null, null, ModelOptions.DEFAULTS, List.of(), null, Map.of());
        List<AssistantId> ids = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            ids.add(assistants.create(TenantId.DEFAULT, spec).block().id());
            assistants.create(new TenantId("foreign"), spec).block();
        }
        lists.add(new PagedList<>(
                "assistants",
                ids,
                request -> assistants.list(TenantId.DEFAULT, request).map(page -> ids(page, Assistant::id))));
    }

    /** Runs of even turns, messages in the order 2.0, 2.1, 3.0, 4.0, 4.1, 5.0 …, stored backwards. */
    private void runsAndMessages() {
        var threads = new PostgresThreads(rows.database());
        var runs = new PostgresRuns(rows.database(), threads);
        var items = items(threads, runs);
        var thread = rows.thread(TenantId.DEFAULT);
        List<RunId> runIds = new ArrayList<>();
        List<ItemId> itemIds = new ArrayList<>();
        for (long turn = 2 * SIZE; turn > 0; turn -= 2) {
            var run = rows.run(thread, turn, 1);
            runIds.addFirst(run.id());
            if (turn <= 134) {
                itemIds.addFirst(rows.message(thread, turn + 1, Optional.empty()));
                itemIds.addFirst(rows.output(run, 1));
                itemIds.addFirst(rows.input(run, 0));
            }
        }
        var messages = itemIds.subList(0, SIZE);
        rows.change("delete from items where id = $1", itemIds.getLast().value());
        lists.add(new PagedList<>(
                "runs",
                runIds,
                request -> runs.list(thread, request)
                        .map(page -> ids(page, run -> run.key().id()))));
        lists.add(new PagedList<>(
                "messages",
                messages,
                request -> items.messages(thread, Optional.empty(), request).map(page -> ids(page, StoredItem::id))));
    }

    private void outputs() {
        var threads = new PostgresThreads(rows.database());
        var items = items(threads, new PostgresRuns(rows.database(), threads));
        RunKey run = rows.run(rows.thread(TenantId.DEFAULT), 1, 1);
        rows.input(run, 0);
        var ids = IntStream.rangeClosed(1, SIZE)
                .mapToObj(index -> rows.output(run, index))
                .toList();
        rows.message(run.thread(), 2, Optional.empty());
        lists.add(new PagedList<>(
                "messages of a run",
                ids,
                request -> items.messages(run.thread(), Optional.of(run.id()), request)
                        .map(page -> ids(page, StoredItem::id))));
    }

    private void inputs() {
        var threads = new PostgresThreads(rows.database());
        var items = items(threads, new PostgresRuns(rows.database(), threads));
        RunKey run = rows.run(rows.thread(TenantId.DEFAULT), 2, SIZE);
        rows.message(run.thread(), 1, Optional.empty());
        var ids = IntStream.range(0, SIZE)
                .mapToObj(index -> rows.input(run, index))
                .toList();
        rows.output(run, SIZE);
        rows.message(run.thread(), 3, Optional.empty());
        lists.add(new PagedList<>(
                "inputs of a run", ids, request -> items.inputs(run, request).map(page -> ids(page, StoredItem::id))));
    }

    /** A branch of a branch of a branch: a quarter of the items in each; what stands beside them is not theirs. */
    private void branches() {
        var threads = new PostgresThreads(rows.database());
        var items = items(threads, new PostgresRuns(rows.database(), threads));
        List<ItemId> ids = new ArrayList<>();
        var thread = rows.thread(TenantId.DEFAULT);
        long turn = 0;
        for (int piece = 0; piece < 4; piece++) {
            for (int i = 0; i < SIZE / 4 - 2; i++) {
                ids.add(rows.message(thread, ++turn, Optional.empty()));
            }
            RunKey last = rows.run(thread, ++turn, 1);
            ids.add(rows.input(last, 0));
            ids.add(rows.output(last, 1));
            var next = rows.branch(last, turn);
            if (piece < 3) {
                rows.message(thread, turn + 1, Optional.empty());
                rows.message(rows.branch(last, turn), turn + 1, Optional.empty());
                thread = next;
            }
        }
        var leaf = thread;
        lists.add(new PagedList<>(
                "items of a branch", ids, request -> items.all(leaf, request).map(page -> ids(page, StoredItem::id))));
        lists.add(new PagedList<>(
                "messages of a branch",
                ids,
                request -> items.messages(leaf, Optional.empty(), request).map(page -> ids(page, StoredItem::id))));
    }

    /** Three at a time at one time, so that their ids decide; of each other tenant one among them. */
    private void threads() {
        var threads = new PostgresThreads(rows.database());
        rows.change("""
                insert into threads (tenant_id, id, created_at, metadata)
                select tenant, gen_random_uuid(), now() - n / 3 * interval '1 second', '{"topic": "looms", "by": "us"}'
                  from generate_series(1, $1) n, (values ('paged'), ('foreign')) as v (tenant)
                """, SIZE);
        var ids = rows.database()
                .list(
                        "select id from threads where tenant_id = 'paged' order by created_at, id",
                        row -> new ThreadId(Column.of(row, "id", UUID.class)))
                .block();
        var filter = new ThreadFilter(Map.of("topic", "looms"), Optional.of(ThreadStatus.IDLE));
        lists.add(new PagedList<>("threads", ids, request -> listed(threads, ThreadFilter.ALL, request)));
        lists.add(new PagedList<>("filtered threads", ids, request -> listed(threads, filter, request)));
    }

    private static Mono<Page<ThreadId>> listed(
            PostgresThreads threads, ThreadFilter filter, PageRequest<ThreadId> request) {
        return threads.list(new TenantId("paged"), filter, request)
                .map(page -> ids(page, listed -> listed.thread().key().id()));
    }

    private PostgresItems items(PostgresThreads threads, PostgresRuns runs) {
        return new PostgresItems(rows.database(), threads, runs);
    }

    private static <T, I> Page<I> ids(Page<T> page, Function<T, I> id) {
        return new Page<>(page.data().stream().map(id).toList(), page.hasMore());
    }

    private Stream<PagedList<?>> lists() {
        return lists.stream();
    }

    @ParameterizedTest
    @MethodSource("lists")
    <I> void everyLimitForwardsGivesEachOnce(PagedList<I> list) {
        for (var order : Order.values()) {
            for (int limit = 1; limit <= 100; limit++) {
                assertThat(forwards(list, order, limit)).isEqualTo(list.ids(order));
            }
        }
    }

    private static <I> List<I> forwards(PagedList<I> list, Order order, int limit) {
        var all = new ArrayList<I>();
        Page<I> page = list.page(limit, order, Optional.empty(), Optional.empty());
        all.addAll(page.data());
        while (page.hasMore() && all.size() <= SIZE) {
            assertThat(page.data()).hasSize(limit);
            page = list.page(limit, order, Optional.of(all.getLast()), Optional.empty());
            all.addAll(page.data());
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("lists")
    <I> void everyLimitBackwardsGivesEachOnce(PagedList<I> list) {
        for (var order : Order.values()) {
            for (int limit = 1; limit <= 100; limit++) {
                assertThat(backwards(list, order, limit)).isEqualTo(list.ids(order));
            }
        }
    }

    private static <I> List<I> backwards(PagedList<I> list, Order order, int limit) {
        var all = new ArrayList<I>();
        all.add(list.ids(order).getLast());
        boolean hasMore = true;
        while (hasMore && all.size() <= SIZE) {
            var page = list.page(limit, order, Optional.empty(), Optional.of(all.getFirst()));
            all.addAll(0, page.data());
            hasMore = page.hasMore();
            assertThat(page.data()).hasSizeBetween(hasMore ? limit : 1, limit);
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("lists")
    <I> void whatLiesBetweenTwoCursorsIsGivenFromItsStart(PagedList<I> list) {
        for (var order : Order.values()) {
            var ids = list.ids(order);
            var whole = list.page(20, order, Optional.of(ids.get(10)), Optional.of(ids.get(21)));
            var part = list.page(5, order, Optional.of(ids.get(10)), Optional.of(ids.get(21)));
            var none = list.page(5, order, Optional.of(ids.get(10)), Optional.of(ids.get(11)));
            var crossed = list.page(5, order, Optional.of(ids.get(21)), Optional.of(ids.get(10)));

            assertThat(whole).isEqualTo(new Page<>(ids.subList(11, 21), false));
            assertThat(part).isEqualTo(new Page<>(ids.subList(11, 16), true));
            assertThat(none).isEqualTo(new Page<I>(List.of(), false));
            assertThat(crossed).isEqualTo(new Page<I>(List.of(), false));
        }
    }

    @ParameterizedTest
    @MethodSource("lists")
    <I> void beyondTheEndsThereIsNothing(PagedList<I> list) {
        for (var order : Order.values()) {
            var ids = list.ids(order);

            assertThat(list.page(20, order, Optional.of(ids.getLast()), Optional.empty()))
                    .isEqualTo(new Page<I>(List.of(), false));
            assertThat(list.page(20, order, Optional.empty(), Optional.of(ids.getFirst())))
                    .isEqualTo(new Page<I>(List.of(), false));
        }
    }

    @ParameterizedTest
    @MethodSource("lists")
    <I> void aPageThatIsJustFullTellsWhetherThereIsMore(PagedList<I> list) {
        var ids = list.ids();

        assertThat(list.page(100, Order.ASCENDING, Optional.of(ids.get(99)), Optional.empty())
                        .hasMore())
                .isFalse();
        assertThat(list.page(100, Order.ASCENDING, Optional.of(ids.get(98)), Optional.empty())
                        .hasMore())
                .isTrue();
        assertThat(list.page(100, Order.ASCENDING, Optional.empty(), Optional.of(ids.get(100)))
                        .hasMore())
                .isFalse();
        assertThat(list.page(100, Order.ASCENDING, Optional.empty(), Optional.of(ids.get(101)))
                        .hasMore())
                .isTrue();
    }
}
