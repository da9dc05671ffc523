package dev.heddle.persistence.postgres;

import dev.heddle.streaming.run.ThreadId;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** The group commit: appends of many threads and every row they change, in one statement, which is one transaction. */
final class AppendStatement {
    // The first row of each thread is the fence: only where it went in, right behind the head, does anything else of
    // that thread happen.
    // A thread with an event of a run that does not exist (any more) is left out whole.
    private static final String APPEND = """
            with log_row as (
                select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::uuid[],
                                     $7::bigint[], $8::bigint[], $9::uuid[], $10::bigint[], $11::text[], $12::boolean[])
                       as r(thread_id, first_seq, last_seq, tenant_id, turn, run_id, first_run_seq, epoch, batch_id,
                            logged_at, payload, is_first)
            ), lost as (
                select l.thread_id
                  from log_row l
                 where l.run_id is not null
                   and not exists (select from runs r where r.id = l.run_id and r.tenant_id = l.tenant_id)
            ), first_row as (
                insert into event_log (thread_id, first_seq, last_seq, tenant_id, turn, run_id, first_run_seq, epoch,
                                       batch_id, logged_at, payload)
                select l.thread_id, l.first_seq, l.last_seq, l.tenant_id, l.turn, l.run_id, l.first_run_seq, l.epoch,
                       l.batch_id, timestamptz 'epoch' + l.logged_at * interval '1 millisecond',
                       decode(l.payload, 'base64')
                  from log_row l
                 where l.is_first
                   and l.thread_id not in (select lost.thread_id from lost)
                   and l.first_seq = 1 + coalesce((select h.last_seq
                                                     from event_log h
                                                    where h.thread_id = l.thread_id
                                                    order by h.first_seq desc
                                                    limit 1), 0)
                on conflict do nothing
                returning thread_id
            ), further_rows as (
                insert into event_log (thread_id, first_seq, last_seq, tenant_id, turn, run_id, first_run_seq, epoch,
                                       batch_id, logged_at, payload)
                select l.thread_id, l.first_seq, l.last_seq, l.tenant_id, l.turn, l.run_id, l.first_run_seq, l.epoch,
                       l.batch_id, timestamptz 'epoch' + l.logged_at * interval '1 millisecond',
                       decode(l.payload, 'base64')
                  from log_row l
                 where not l.is_first and l.thread_id in (select f.thread_id from first_row f)
            ), changed_runs as (
                update runs r
                   set status = c.status,
                       logged = true,
                       started_at = coalesce(timestamptz 'epoch' + c.started_at * interval '1 millisecond', r.started_at),
                       started_seq = coalesce(c.started_seq, r.started_seq),
                       expires_at = coalesce(timestamptz 'epoch' + c.expires_at * interval '1 millisecond', r.expires_at),
                       ended_at = timestamptz 'epoch' + c.ended_at * interval '1 millisecond',
                       ended_seq = c.ended_seq,
                       prompt_tokens = c.prompt_tokens,
                       completion_tokens = c.completion_tokens,
                       cached_tokens = c.cached_tokens,
                       reasoning_tokens = c.reasoning_tokens,
                       failure_code = c.failure_code,
                       failure_message = c.failure_message,
                       incomplete_reason = c.incomplete_reason,
                       stop_cause = c.stop_cause,
                       required_action = c.required_action::jsonb,
                       paused_run_seq = coalesce(c.paused_run_seq, r.paused_run_seq)
                  from unnest($13::uuid[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[],
                              $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::text[],
                              $25::text[], $26::text[], $27::text[], $28::bigint[], $29::text[])
                       as c(run_id, status, started_at, started_seq, expires_at, ended_at, ended_seq, prompt_tokens,
                            completion_tokens, cached_tokens, reasoning_tokens, failure_code, failure_message,
                            incomplete_reason, required_action, paused_run_seq, stop_cause)
                 where r.id = c.run_id and r.thread_id in (select f.thread_id from first_row f)
            ), changed_items as (
                insert into items (thread_id, turn, item_index, id, tenant_id, output_of, model_call, kind, status, item,
                                   prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, created_at,
                                   ended_at)
                select r.thread_id, r.turn, r.inputs + c.output_index, c.item_id, r.tenant_id, r.id, c.model_call,
                       c.item::jsonb ->> 'type', c.status, c.item::jsonb, c.prompt_tokens, c.completion_tokens,
                       c.cached_tokens, c.reasoning_tokens,
                       timestamptz 'epoch' + c.created_at * interval '1 millisecond',
                       timestamptz 'epoch' + c.ended_at * interval '1 millisecond'
                  from unnest($30::uuid[], $31::uuid[], $32::int[], $33::int[], $34::text[], $35::text[], $36::bigint[],
                              $37::bigint[], $38::bigint[], $39::bigint[], $40::bigint[], $41::bigint[])
                       as c(run_id, item_id, output_index, model_call, status, item, prompt_tokens, completion_tokens,
                            cached_tokens, reasoning_tokens, created_at, ended_at)
                  join runs r on r.id = c.run_id
                 where r.thread_id in (select f.thread_id from first_row f)
                on conflict (thread_id, turn, item_index) do update
                   set status = excluded.status,
                       item = excluded.item,
                       prompt_tokens = excluded.prompt_tokens,
                       completion_tokens = excluded.completion_tokens,
                       cached_tokens = excluded.cached_tokens,
                       reasoning_tokens = excluded.reasoning_tokens,
                       ended_at = excluded.ended_at
            ), cut_items as (
                update items i
                   set status = e.status,
                       ended_at = timestamptz 'epoch' + e.ended_at * interval '1 millisecond'
                  from unnest($42::uuid[], $43::text[], $44::bigint[]) as e(run_id, status, ended_at)
                 where i.output_of = e.run_id
                   and i.status = 'in_progress'
                   and i.id <> all ($31::uuid[])
                   and i.thread_id in (select f.thread_id from first_row f)
            ), consumed as (
                delete from thread_inbox b
                 using unnest($45::bigint[], $46::uuid[]) as c(id, thread_id)
                 where b.id = c.id and c.thread_id in (select f.thread_id from first_row f)
            ), void_requests as (
                delete from thread_inbox b
                 where b.kind in ('stop', 'outputs')
                   and b.run_id = any ($42::uuid[])
                   and b.thread_id in (select f.thread_id from first_row f)
            )
            select f.thread_id from first_row f
            """;

    private AppendStatement() {}

    /** The threads whose append was stored now. An append that was stored before is not among them. */
    static Mono<Set<ThreadId>> execute(Database database, Batch batch) {
        return Mono.defer(() -> database.list(
                        APPEND, row -> new ThreadId(Column.of(row, "thread_id", UUID.class)), parameters(batch)))
                .map(HashSet::new);
    }

    private static Object[] parameters(Batch batch) {
        return Stream.of(logRows(batch.logRows()), runs(batch.runs()), items(batch.items()), rest(batch))
                .flatMap(Stream::of)
                .toArray();
    }

    private static Object[] logRows(Columns rows) {
        return rows.columns(
                UUID.class,
                Long.class,
                Long.class,
                String.class,
                Long.class,
                UUID.class,
                Long.class,
                Long.class,
                UUID.class,
                Long.class,
                String.class,
                Boolean.class);
    }

    private static Object[] runs(Columns rows) {
        return rows.columns(
                UUID.class,
                String.class,
                Long.class,
                Long.class,
                Long.class,
                Long.class,
                Long.class,
                Long.class,
                Long.class,
                Long.class,
                Long.class,
                String.class,
                String.class,
                String.class,
                String.class,
                Long.class,
                String.class);
    }

    private static Object[] items(Columns rows) {
        return rows.columns(
                UUID.class,
                UUID.class,
                Integer.class,
                Integer.class,
                String.class,
                String.class,
                Long.class,
                Long.class,
                Long.class,
                Long.class,
                Long.class,
                Long.class);
    }

    private static Object[] rest(Batch batch) {
        return new Object[] {
            batch.endings().column(0, UUID.class),
            batch.endings().column(1, String.class),
            batch.endings().column(2, Long.class),
            batch.inbox().column(0, Long.class),
            batch.inbox().column(1, UUID.class)
        };
    }
}
