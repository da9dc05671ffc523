package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Copies the settled turns of one locked thread to the end of another one of the same tenant, in one statement.
 *
 * @param firstItem the id of the first copied item, made beforehand: it tells whether the turns were copied
 */
record TurnCopy(ThreadId from, ThreadKey into, ItemId firstItem) {

    /** Locks both threads, in the order of their ids, so that no two copies wait for each other; gives the target. */
    Mono<LockedThread> lockBoth(Session session) {
        List<ThreadId> inOrder = Stream.of(from, into.id())
                .distinct()
                .sorted(Comparator.comparing(ThreadId::value))
                .toList();
        return Flux.fromIterable(inOrder)
                .concatMap(id -> LockedThread.lock(session, new ThreadKey(into.tenant(), id)))
                .filter(locked -> locked.key().equals(into))
                .collectList()
                .map(List::getFirst);
    }

    // Empty turns are left out. No other transaction changes what is settled: the copy needs no look before it.
    private static final String COPY = "with recursive " + Lineage.WHOLE + """
            , settled as (
                select t.thread_id, t.number, $4 - 1 + row_number() over (order by t.number) as copy
                  from lineage l
                  join turns t on t.thread_id = l.thread_id and t.number > l.above and t.number <= l.upto
                  left join runs r on r.tenant_id = t.tenant_id and r.id = coalesce(t.run_id, t.adopted_by)
                 where t.tenant_id = $1 and not t.withdrawn
                   and (coalesce(t.run_id, t.adopted_by) is null or r.ended_seq is not null)
                   and exists (select from items i
                                where i.tenant_id = t.tenant_id and i.thread_id = t.thread_id and i.turn = t.number
                                  and i.deleted_at is null)
            ), turn as (
                insert into turns (thread_id, number, tenant_id, imported)
                select $3, s.copy, $1, true from settled s
            ), item as (
                insert into items (thread_id, turn, item_index, id, tenant_id, model_call, kind, status, item, metadata,
                                   prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, created_at,
                                   ended_at)
                select $3, s.copy, i.item_index,
                       case row_number() over (order by s.copy, i.item_index) when 1 then $5 else gen_random_uuid() end,
                       $1, i.model_call, i.kind, i.status, i.item, i.metadata, i.prompt_tokens, i.completion_tokens,
                       i.cached_tokens, i.reasoning_tokens, i.created_at, i.ended_at
                  from settled s
                  join items i on i.tenant_id = $1 and i.thread_id = s.thread_id and i.turn = s.number
                   and i.deleted_at is null
            ), next_turn as (
                update threads
                   set next_turn = $4 + (select count(*) from settled)
                 where tenant_id = $1 and id = $3
            )
            select count(*) as copies from settled
            """;

    /** From this turn of the target on; gives the number of the turn behind the last copy. */
    Mono<Long> execute(Session session, long firstTurn) {
        return Mono.defer(() -> session.one(
                        COPY,
                        row -> firstTurn + Column.of(row, "copies", Long.class),
                        into.tenant().value(),
                        from.value(),
                        into.id().value(),
                        firstTurn,
                        firstItem.value()))
                .delayUntil(nextTurn -> nextTurn == firstTurn ? Mono.empty() : tell(session, firstTurn, nextTurn - 1));
    }

    private Mono<Void> tell(Session session, long first, long last) {
        return OwnerNotice.tell(session, into, new ThreadEvent.TurnsImported(from, first, last));
    }

    /** Whether this very copy was made. */
    Mono<Boolean> wasMade(Session session) {
        return Look.atAnyItem(session, into, firstItem).hasElement();
    }
}
