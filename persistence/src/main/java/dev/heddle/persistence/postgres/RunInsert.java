package dev.heddle.persistence.postgres;

import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Everything that admitting a run writes, in one statement. */
final class RunInsert {
    private static final String INSERT = """
            with turn as (
                insert into turns (thread_id, number, tenant_id, run_id)
                values ($2, $3, $1, $4)
            ), adopted as (
                update turns
                   set adopted_by = $4
                 where tenant_id = $1 and thread_id = $2 and run_id is null and adopted_by is null
                   and not withdrawn and not imported
                   and not exists (select from items d
                                    where d.tenant_id = $1 and d.thread_id = $2 and d.turn = number
                                      and d.deleted_at is not null)
            ), input as (
                insert into items (thread_id, turn, item_index, id, tenant_id, kind, status, item, metadata, created_at,
                                   ended_at)
                select $2, $3, i.nr - 1, i.id, $1, i.item::jsonb ->> 'type', 'completed', i.item::jsonb,
                       i.metadata::jsonb, now(), now()
                  from unnest($9::uuid[], $10::text[], $11::text[]) with ordinality as i(id, item, metadata, nr)
            ), asked as (
                insert into thread_inbox (tenant_id, thread_id, kind, turn, run_id, strategy)
                values ($1, $2, 'run', $3, $4, $5)
            ), next_turn as (
                update threads
                   set next_turn = $3 + 1
                 where tenant_id = $1 and id = $2
            )
            insert into runs as r (id, tenant_id, thread_id, turn, inputs, strategy, spec, metadata, expires_at, status,
                                   keeping)
            values ($4, $1, $2, $3, cardinality($9::uuid[]), $5, $6::jsonb, $7::jsonb,
                    now() + $8 * interval '1 millisecond', 'queued', $12)
            returning %s
            """.formatted(RunRows.COLUMNS);

    private RunInsert() {}

    static Mono<StoredRun> execute(
            Session session, ThreadKey thread, long turn, NewRun run, Strategy strategy, Duration expiry) {
        return Mono.defer(() -> session.one(
                INSERT,
                RunRows::run,
                thread.tenant().value(),
                thread.id().value(),
                turn,
                run.id().value(),
                Spelling.of(strategy),
                JsonText.of(run.spec()),
                JsonText.of(run.metadata()),
                expiry.toMillis(),
                run.inputs().stream().map(_ -> ItemId.fresh().value()).toArray(UUID[]::new),
                run.inputs().stream().map(input -> JsonText.of(input.item())).toArray(String[]::new),
                run.inputs().stream().map(NewItem::metadata).map(JsonText::of).toArray(String[]::new),
                Spelling.of(run.keeping())));
    }
}
