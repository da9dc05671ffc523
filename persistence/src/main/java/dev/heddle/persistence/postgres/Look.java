package dev.heddle.persistence.postgres;

import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Looks at single rows inside a transaction; each look is as young as its subscription. */
final class Look {
    private Look() {}

    private static final String THREAD = "select" + ThreadRows.COLUMNS + """
              from threads t
             where t.tenant_id = $1 and t.id = $2
            """;

    /** Deleted or not. */
    static Mono<StoredThread> atThread(Session session, ThreadKey thread) {
        return Mono.defer(() -> session.one(
                THREAD, ThreadRows::thread, thread.tenant().value(), thread.id().value()));
    }

    private static final String OF_RUN = """
             where r.tenant_id = $1 and r.thread_id = $2 and r.id = $3
            """;

    /** A run that is visible, else {@code RunNotFound}. */
    static Mono<StoredRun> atRun(Session session, ThreadKey thread, RunId run) {
        return atRun(session, RunRows.SELECT + OF_RUN, thread, run)
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(run))));
    }

    /** Withdrawn or not; empty when there is none. */
    static Mono<StoredRun> atAnyRun(Session session, ThreadKey thread, RunId run) {
        return atRun(session, RunRows.SELECT_ALL + OF_RUN, thread, run);
    }

    private static final String RUN_OF_ANY_THREAD = RunRows.SELECT_ALL + """
             where r.tenant_id = $1 and r.id = $2
            """;

    /** In whatever thread, withdrawn or not; empty when there is none. */
    static Mono<StoredRun> atAnyRun(Session session, TenantId tenant, RunId run) {
        return Mono.defer(() -> session.one(RUN_OF_ANY_THREAD, RunRows::run, tenant.value(), run.value()));
    }

    private static Mono<StoredRun> atRun(Session session, String sql, ThreadKey thread, RunId run) {
        return Mono.defer(() -> session.one(
                sql, RunRows::run, thread.tenant().value(), thread.id().value(), run.value()));
    }

    private static final String OF_ITEM = """
             where i.tenant_id = $1 and i.thread_id = $2 and i.id = $3
            """;

    /** An item that is visible, else {@code ItemNotFound}. */
    static Mono<StoredItem> atItem(Session session, ThreadKey thread, ItemId item) {
        return atItem(session, ItemRows.SELECT + OF_ITEM, thread, item)
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.ItemNotFound(item))));
    }

    /** Deleted, withdrawn or neither; empty when there is none. */
    static Mono<StoredItem> atAnyItem(Session session, ThreadKey thread, ItemId item) {
        return atItem(session, ItemRows.SELECT_ALL + OF_ITEM, thread, item);
    }

    private static final String OF_ITEMS = """
             where i.tenant_id = $1 and i.thread_id = $2 and i.id = any ($3::uuid[])
             order by i.turn, i.item_index
            """;

    /** Deleted, withdrawn or neither, by position; empty when there are none. */
    static Mono<List<StoredItem>> atAnyItems(Session session, ThreadKey thread, List<ItemId> items) {
        return Mono.defer(() -> session.list(
                        ItemRows.SELECT_ALL + OF_ITEMS,
                        ItemRows::item,
                        thread.tenant().value(),
                        thread.id().value(),
                        items.stream().map(ItemId::value).toArray(UUID[]::new)))
                .filter(found -> !found.isEmpty());
    }

    private static Mono<StoredItem> atItem(Session session, String sql, ThreadKey thread, ItemId item) {
        return Mono.defer(() -> session.one(
                sql, ItemRows::item, thread.tenant().value(), thread.id().value(), item.value()));
    }
}
