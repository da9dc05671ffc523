package dev.heddle.persistence.postgres;

import dev.heddle.persistence.CallPairs;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** {@link PostgresItems}, changed over a database that claims the request's key. */
record RepeatableItems(PostgresItems items, Once once, PostgresThreads threads, Runs runs) implements Items {
    @Override
    public Items repeatable(RequestKey key) {
        return items.repeatable(key);
    }

    @Override
    public Mono<List<StoredItem>> madeBy(ThreadKey thread, RequestKey key) {
        return items.madeBy(thread, key);
    }

    @Override
    public Mono<StoredItem> replaceMetadata(ThreadKey thread, ItemId item, Map<String, Object> metadata) {
        return once.make(
                thread.tenant(),
                database -> new PostgresItems(database, threads, runs).replaceMetadata(thread, item, metadata),
                _ -> items.find(thread, item));
    }

    @Override
    public Mono<StoredItem> find(ThreadKey thread, ItemId item) {
        return items.find(thread, item);
    }

    @Override
    public Mono<Page<StoredItem>> messages(ThreadKey thread, Optional<RunId> producedBy, PageRequest<ItemId> request) {
        return items.messages(thread, producedBy, request);
    }

    @Override
    public Mono<Page<StoredItem>> all(ThreadKey thread, PageRequest<ItemId> request) {
        return items.all(thread, request);
    }

    @Override
    public Mono<Page<StoredItem>> inputs(RunKey run, PageRequest<ItemId> request) {
        return items.inputs(run, request);
    }

    @Override
    public Mono<List<StoredItem>> findAll(TenantId tenant, List<ItemId> ids) {
        return items.findAll(tenant, ids);
    }

    @Override
    public Mono<List<StoredItem>> history(ThreadKey thread, long turn) {
        return items.history(thread, turn);
    }

    @Override
    public Mono<CallPairs> calls(ThreadKey thread, long turn) {
        return items.calls(thread, turn);
    }

    @Override
    public Mono<List<StoredItem>> history(RunKey parent) {
        return items.history(parent);
    }

    @Override
    public Mono<CallPairs> calls(RunKey parent) {
        return items.calls(parent);
    }

    @Override
    public Mono<List<StoredItem>> outputs(RunKey run) {
        return items.outputs(run);
    }

    @Override
    public Mono<RunContext> context(RunKey run, long startedSeq) {
        return items.context(run, startedSeq);
    }
}
