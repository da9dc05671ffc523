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

/** Everything that messages of clients write: each takes a turn, and is told to the thread's owner. */
final class MessageInsert {
    private static final String INSERT = """
            with message as (
                select * from unnest($3::bigint[], $4::uuid[], $5::text[], $6::text[]) as m(turn, id, item, metadata)
            ), turn as (
                insert into turns (thread_id, number, tenant_id)
                select $2, m.turn, $1 from message m
            ), told as (
                insert into thread_inbox (tenant_id, thread_id, kind, turn, item_id)
                select $1, $2, 'message', m.turn, m.id from message m order by m.turn
            )
            insert into items as i (thread_id, turn, item_index, id, tenant_id, kind, status, item, metadata, created_at,
                                    ended_at)
            select $2, m.turn, 0, m.id, $1, m.item::jsonb ->> 'type', 'completed', m.item::jsonb, m.metadata::jsonb,
                   now(), now()
              from message m
            returning %s
            """.formatted(ItemRows.COLUMNS);

    private static final String NEXT_TURN = """
            update threads
               set next_turn = $3
             where tenant_id = $1 and id = $2
            """;

    private MessageInsert() {}

    /** One message at the end of a locked thread. */
    static Mono<StoredItem> add(Session session, ThreadKey thread, long turn, ItemId id, NewItem message) {
        return insert(session, thread, turn, List.of(id), List.of(message))
                .delayUntil(_ -> nextTurn(session, thread, turn + 1))
                .map(List::getFirst);
    }

    /** Messages behind what a new thread has. */
    static Mono<List<StoredItem>> behind(Session session, ThreadKey thread, long turn, List<NewItem> messages) {
        return first(session, thread, turn, messages)
                .delayUntil(_ -> nextTurn(session, thread, turn + messages.size()));
    }

    /** The messages of a new thread whose next turn is known to be behind them. */
    static Mono<List<StoredItem>> first(Session session, ThreadKey thread, long turn, List<NewItem> messages) {
        List<ItemId> ids = Stream.generate(ItemId::fresh).limit(messages.size()).toList();
        return messages.isEmpty() ? Mono.just(List.of()) : insert(session, thread, turn, ids, messages);
    }

    private static Mono<Long> nextTurn(Session session, ThreadKey thread, long turn) {
        return session.change(NEXT_TURN, thread.tenant().value(), thread.id().value(), turn);
    }

    private static Mono<List<StoredItem>> insert(
            Session session, ThreadKey thread, long firstTurn, List<ItemId> ids, List<NewItem> messages) {
        return Mono.defer(() -> session.list(
                INSERT,
                ItemRows::item,
                thread.tenant().value(),
                thread.id().value(),
                LongStream.range(firstTurn, firstTurn + messages.size()).boxed().toArray(Long[]::new),
                ids.stream().map(ItemId::value).toArray(UUID[]::new),
                messages.stream().map(message -> JsonText.of(message.item())).toArray(String[]::new),
                messages.stream()
                        .map(message -> JsonText.of(message.metadata()))
                        .toArray(String[]::new)));
    }
}
