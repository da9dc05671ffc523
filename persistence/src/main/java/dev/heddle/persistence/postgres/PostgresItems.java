package dev.heddle.persistence.postgres;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.heddle.persistence.CallPairs;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.postgres.ItemList.Selection;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** {@link Items} in PostgreSQL. */
final class PostgresItems implements Items {
    private final Database database;
    private final PostgresThreads threads;
    private final Runs runs;

    PostgresItems(Database database, PostgresThreads threads, Runs runs) {
        this.database = database;
        this.threads = threads;
        this.runs = runs;
    }

    @Override
    public Items repeatable(RequestKey key) {
        return new RepeatableItems(this, new Once(database, key), threads, runs);
    }

    @Override
    public Mono<List<StoredItem>> madeBy(ThreadKey thread, RequestKey key) {
        return database.madeBy(thread.tenant(), key).flatMap(made -> MadeItems.find(database, thread, made));
    }

    private static final String FIND =
            "with recursive " + Lineage.WHOLE + "select" + ItemRows.COLUMNS + """
              from items i
              join lineage l on l.thread_id = i.thread_id and l.above < i.turn and l.upto >= i.turn
             where i.tenant_id = $1 and i.id = $3 and""" + ItemRows.VISIBLE;

    @Override
    public Mono<StoredItem> find(ThreadKey thread, ItemId item) {
        return database.one(
                        FIND,
                        ItemRows::item,
                        thread.tenant().value(),
                        thread.id().value(),
                        item.value())
                .map(found -> found.shownIn(thread.id()))
                .switchIfEmpty(absent(thread, item));
    }

    @Override
    public Mono<Page<StoredItem>> messages(ThreadKey thread, Optional<RunId> producedBy, PageRequest<ItemId> request) {
        var selection = producedBy.<Selection>map(Selection.MessagesOf::new).orElseGet(Selection.Messages::new);
        return page(new ItemList(thread, selection), request);
    }

    @Override
    public Mono<Page<StoredItem>> all(ThreadKey thread, PageRequest<ItemId> request) {
        return page(new ItemList(thread, new Selection.Everything()), request);
    }

    @Override
    public Mono<Page<StoredItem>> inputs(RunKey run, PageRequest<ItemId> request) {
        return page(new ItemList(run.thread(), new Selection.InputsOf(run.turn())), request)
                .flatMap(page -> page.data().isEmpty() ? existing(run, page) : Mono.just(page));
    }

    private Mono<Page<StoredItem>> page(ItemList list, PageRequest<ItemId> request) {
        return Window.of(request, cursor -> position(list, cursor)).flatMap(window -> page(list, window));
    }

    private Mono<Position> position(ItemList list, ItemId cursor) {
        return find(list.thread(), cursor)
                .filter(list::contains)
                .switchIfEmpty(absent(list.thread(), cursor))
                .map(StoredItem::position);
    }

    private Mono<Page<StoredItem>> page(ItemList list, Window<Position> window) {
        return list.rows(database, window)
                .map(rows -> rows.stream()
                        .map(row -> row.shownIn(list.thread().id()))
                        .toList())
                .flatMap(rows -> threads.orAbsent(list.thread(), rows))
                .map(window::page);
    }

    private static final String FIND_ALL = ItemRows.SELECT + """
             where i.tenant_id = $1 and i.id = any ($2::uuid[])
            """;

    @Override
    public Mono<List<StoredItem>> findAll(TenantId tenant, List<ItemId> items) {
        return Mono.defer(() -> database.list(
                        FIND_ALL,
                        ItemRows::item,
                        tenant.value(),
                        items.stream().map(ItemId::value).toArray(UUID[]::new)))
                .map(found -> found.stream().collect(toMap(StoredItem::id, identity())))
                .map(found -> items.stream().map(item -> required(found, item)).toList());
    }

    private static StoredItem required(Map<ItemId, StoredItem> found, ItemId item) {
        StoredItem stored = found.get(item);
        if (stored == null) {
            throw new ProblemException(new Problem.ItemNotFound(item));
        }
        return stored;
    }

    private static final String OUTPUTS = ItemRows.SELECT_ALL + " and" + ItemRows.NOT_WITHDRAWN + """
             where i.tenant_id = $1 and i.thread_id = $2 and i.output_of = $3
             order by i.turn, i.item_index
            """;

    @Override
    public Mono<List<StoredItem>> outputs(RunKey run) {
        return database.list(
                        OUTPUTS,
                        ItemRows::item,
                        run.thread().tenant().value(),
                        run.thread().id().value(),
                        run.id().value())
                .flatMap(items -> items.isEmpty() ? existing(run, items) : Mono.just(items));
    }

    private static final String REPLACE_METADATA = """
            update items i
               set metadata = $4::jsonb
              from threads t
             where t.tenant_id = i.tenant_id and t.id = i.thread_id and t.deleted_at is null
               and i.tenant_id = $1 and i.thread_id = $2 and i.id = $3
               and""" + ItemRows.VISIBLE + "returning" + ItemRows.COLUMNS;

    @Override
    public Mono<StoredItem> replaceMetadata(ThreadKey thread, ItemId item, Map<String, Object> metadata) {
        return database.one(
                        REPLACE_METADATA,
                        ItemRows::item,
                        thread.tenant().value(),
                        thread.id().value(),
                        item.value(),
                        JsonText.of(metadata))
                .switchIfEmpty(absent(thread, item));
    }

    @Override
    public Mono<RunContext> context(RunKey run, long startedSeq) {
        return Transcript.seenBy(database, run, startedSeq).switchIfEmpty(absent(run));
    }

    @Override
    public Mono<List<StoredItem>> history(ThreadKey thread, long turn) {
        return Transcript.upTo(database, thread, turn).flatMap(items -> threads.orAbsent(thread, items));
    }

    @Override
    public Mono<CallPairs> calls(ThreadKey thread, long turn) {
        return Transcript.callsUpTo(database, thread, turn)
                .flatMap(calls -> threads.orAbsent(thread, calls))
                .map(Transcript.Call::pairs);
    }

    @Override
    public Mono<List<StoredItem>> history(RunKey parent) {
        return Transcript.behind(database, parent)
                .flatMap(items -> items.isEmpty() ? existing(parent, items) : Mono.just(items));
    }

    @Override
    public Mono<CallPairs> calls(RunKey parent) {
        return Transcript.callsBehind(database, parent)
                .flatMap(calls -> calls.isEmpty() ? existing(parent, calls) : Mono.just(calls))
                .map(Transcript.Call::pairs);
    }

    private <T> Mono<T> existing(RunKey run, T found) {
        return runs.find(run.thread(), run.id()).thenReturn(found);
    }

    private <T> Mono<T> absent(RunKey run) {
        return threads.absent(run.thread(), new Problem.RunNotFound(run.id()));
    }

    private <T> Mono<T> absent(ThreadKey thread, ItemId item) {
        return threads.absent(thread, new Problem.ItemNotFound(item));
    }
}
