package dev.heddle.persistence.postgres;

import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Everything that items of clients write: each takes a turn, and is told to the thread's owner. */
final class ItemInsert {
    private static final String INSERT = """
            with added as (
                select * from unnest($3::bigint[], $4::uuid[], $5::text[], $6::text[]) as a(turn, id, item, metadata)
            ), turn as (
                insert into turns (thread_id, number, tenant_id)
                select $2, a.turn, $1 from added a
            ), told as (
                insert into thread_inbox (tenant_id, thread_id, kind, turn, item_id)
                select $1, $2, 'message', a.turn, a.id from added a order by a.turn
            )
            insert into items as i (thread_id, turn, item_index, id, tenant_id, kind, status, item, metadata, created_at,
                                    ended_at)
            select $2, a.turn, 0, a.id, $1, a.item::jsonb ->> 'type', 'completed', a.item::jsonb, a.metadata::jsonb,
                   now(), now()
              from added a
             order by a.turn
            returning %s
            """.formatted(ItemRows.COLUMNS);

    private static final String NEXT_TURN = """
            update threads
               set next_turn = $3
             where tenant_id = $1 and id = $2
            """;

    private ItemInsert() {}

    /** At the end of a locked thread; the ids are made beforehand, one for each item. */
    static Mono<List<StoredItem>> add(
            Session session, ThreadKey thread, long turn, List<ItemId> ids, List<NewItem> items) {
        return insert(session, thread, turn, ids, items)
                .delayUntil(_ -> nextTurn(session, thread, turn + items.size()));
    }

    /** Behind what a new thread has. */
    static Mono<List<StoredItem>> behind(Session session, ThreadKey thread, long turn, List<NewItem> items) {
        return first(session, thread, turn, items).delayUntil(_ -> nextTurn(session, thread, turn + items.size()));
    }

    /** The items of a new thread whose next turn is known to be behind them. */
    static Mono<List<StoredItem>> first(Session session, ThreadKey thread, long turn, List<NewItem> items) {
        return items.isEmpty() ? Mono.just(List.of()) : insert(session, thread, turn, fresh(items.size()), items);
    }

    /** Ids for so many items. */
    static List<ItemId> fresh(int count) {
        return Stream.generate(ItemId::fresh).limit(count).toList();
    }

    private static Mono<Long> nextTurn(Session session, ThreadKey thread, long turn) {
        return session.change(NEXT_TURN, thread.tenant().value(), thread.id().value(), turn);
    }

    private static Mono<List<StoredItem>> insert(
            Session session, ThreadKey thread, long firstTurn, List<ItemId> ids, List<NewItem> items) {
        return Mono.defer(() -> session.list(
                INSERT,
                ItemRows::item,
                thread.tenant().value(),
                thread.id().value(),
                LongStream.range(firstTurn, firstTurn + items.size()).boxed().toArray(Long[]::new),
                ids.stream().map(ItemId::value).toArray(UUID[]::new),
                items.stream().map(added -> JsonText.of(added.item())).toArray(String[]::new),
                items.stream().map(added -> JsonText.of(added.metadata())).toArray(String[]::new)));
    }
}
