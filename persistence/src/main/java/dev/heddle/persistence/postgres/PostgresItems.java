package dev.heddle.persistence.postgres;

import dev.heddle.persistence.CallPairs;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final String FIND = ItemRows.SELECT + """
             where i.tenant_id = $1 and i.thread_id = $2 and i.id = $3
            """;

    @Override
    public Mono<StoredItem> find(ThreadKey thread, ItemId item) {
        return database.one(
                        FIND,
                        ItemRows::item,
                        thread.tenant().value(),
                        thread.id().value(),
                        item.value())
                .switchIfEmpty(absent(thread, item));
    }

    @Override
    public Mono<Page<StoredItem>> messages(ThreadKey thread, Optional<RunId> producedBy, PageRequest<ItemId> request) {
        return page(new MessageList(thread, producedBy), request);
    }

    private Mono<Page<StoredItem>> page(MessageList list, PageRequest<ItemId> request) {
        return Window.of(request, cursor -> position(list, cursor)).flatMap(window -> page(list, window));
    }

    private Mono<Position> position(MessageList list, ItemId cursor) {
        return find(list.thread(), cursor)
                .filter(list::contains)
                .switchIfEmpty(absent(list.thread(), cursor))
                .map(StoredItem::position);
    }

    private Mono<Page<StoredItem>> page(MessageList list, Window<Position> window) {
        return list.rows(database, window)
                .flatMap(rows -> threads.orAbsent(list.thread(), rows))
                .map(window::page);
    }

    @Override
    public Mono<Page<StoredItem>> all(ThreadKey thread, PageRequest<ItemId> request) {
        return Mono.error(new UnsupportedOperationException("not yet"));
    }

    @Override
    public Mono<Page<StoredItem>> inputs(RunKey run, PageRequest<ItemId> request) {
        return Mono.error(new UnsupportedOperationException("not yet"));
    }

    @Override
    public Mono<List<StoredItem>> findAll(TenantId tenant, List<ItemId> items) {
        return Mono.error(new UnsupportedOperationException("not yet"));
    }

    @Override
    public Mono<List<StoredItem>> history(ThreadKey thread, long turn) {
        return Mono.error(new UnsupportedOperationException("not yet"));
    }

    @Override
    public Mono<CallPairs> calls(ThreadKey thread, long turn) {
        return Mono.error(new UnsupportedOperationException("not yet"));
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

    // Settled turns are many, the others few: so what is hidden is looked up, and the rest is read by position. A run
    // that
    // was withdrawn and has not heard of it yet goes on seeing its own turns.
    private static final String CONTEXT = """
            with this as materialized (
                select r.inputs > 0 or exists (select from turns a
                                                where a.tenant_id = $1 and a.adopted_by = r.id) as has_messages
                  from runs r
                  join threads t on t.tenant_id = r.tenant_id and t.id = r.thread_id and t.deleted_at is null
                 where r.tenant_id = $1 and r.thread_id = $2 and r.turn = $3 and r.id = $4
            ), unsettled as (
                select u.id, u.turn
                  from runs u
                 where u.tenant_id = $1 and u.thread_id = $2 and u.turn < $3
                   and (u.ended_seq is null or u.ended_seq > $5)
            ), hidden as (
                select u.turn
                  from unsettled u
                 union all
                select a.number
                  from unsettled u
                  join turns a on a.tenant_id = $1 and a.adopted_by = u.id
                  join this on this.has_messages
                 union all
                select w.number
                  from turns w
                 where w.tenant_id = $1 and w.thread_id = $2 and w.withdrawn
                   and w.run_id is distinct from $4 and w.adopted_by is distinct from $4
            )
            select""" + ItemRows.COLUMNS + """
              from items i
              join this on true
             where i.tenant_id = $1 and i.thread_id = $2 and i.turn <= $3 and i.deleted_at is null
               and not exists (select from hidden h where h.turn = i.turn)
             order by i.turn, i.item_index
            """;

    @Override
    public Mono<List<StoredItem>> context(RunKey run, long startedSeq) {
        return database.list(
                        CONTEXT,
                        ItemRows::item,
                        run.thread().tenant().value(),
                        run.thread().id().value(),
                        run.turn(),
                        run.id().value(),
                        startedSeq)
                .flatMap(items -> items.isEmpty() ? existing(run, items) : Mono.just(items));
    }

    private <T> Mono<T> existing(RunKey run, T found) {
        return runs.find(run.thread(), run.id()).thenReturn(found);
    }

    private <T> Mono<T> absent(ThreadKey thread, ItemId item) {
        return threads.absent(thread, new Problem.ItemNotFound(item));
    }
}
