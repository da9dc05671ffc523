-- The group commit as functions: the database parses and plans it once a connection, and what is sent is only the rows.
-- Plans are for any number of rows, and go by keys: made while a table is empty, they must fit when it is not.

-- Those of the first that are not among the second, which has no others.
create function missing(wanted uuid[], present uuid[]) returns uuid[]
language plpgsql immutable
as $$
begin
    if cardinality(present) = cardinality(wanted) then
        return '{}';
    end if;
    return array(select unnest(wanted) except select unnest(present));
end $$;

-- Appends of many threads, one of each at most. The first row of each thread, of which there are so many and which stand
-- first, is the fence: only where it went in, right behind the head, does anything else of that thread happen. A thread
-- with an event of a run that does not exist (any more) is left out whole. Payloads stand one behind the other, each
-- ends before the byte its row tells. Gives the threads whose append was not stored now, which mostly are none.
create function append_rows(
    appends bigint, thread_ids uuid[], first_seqs bigint[], last_seqs bigint[], tenant_ids text[], turns bigint[],
    run_ids uuid[], first_run_seqs bigint[], epochs bigint[], batch_ids uuid[], times bigint[], payloads bytea,
    payload_starts bigint[], payload_ends bigint[])
returns uuid[]
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    stored uuid[];
begin
    with log_row as materialized (
        select r.thread_id, r.first_seq, r.last_seq, r.tenant_id, r.turn, r.run_id, r.first_run_seq, r.epoch, r.batch_id,
               timestamptz 'epoch' + r.logged_at * interval '1 millisecond' as logged_at,
               substring(payloads from r.payload_start::int + 1 for (r.payload_end - r.payload_start)::int) as payload,
               r.n <= appends as is_first
          from unnest(thread_ids, first_seqs, last_seqs, tenant_ids, turns, run_ids, first_run_seqs, epochs, batch_ids,
                      times, payload_starts, payload_ends)
               with ordinality
               as r(thread_id, first_seq, last_seq, tenant_id, turn, run_id, first_run_seq, epoch, batch_id, logged_at,
                    payload_start, payload_end, n)
    ), lost as (
        select l.thread_id
          from log_row l
         where l.run_id is not null
           and not exists (select from runs r where r.id = l.run_id and r.tenant_id = l.tenant_id)
    ), first_row as (
        insert into event_log (thread_id, first_seq, last_seq, tenant_id, turn, run_id, first_run_seq, epoch, batch_id,
                               logged_at, payload)
        select l.thread_id, l.first_seq, l.last_seq, l.tenant_id, l.turn, l.run_id, l.first_run_seq, l.epoch, l.batch_id,
               l.logged_at, l.payload
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
        insert into event_log (thread_id, first_seq, last_seq, tenant_id, turn, run_id, first_run_seq, epoch, batch_id,
                               logged_at, payload)
        select l.thread_id, l.first_seq, l.last_seq, l.tenant_id, l.turn, l.run_id, l.first_run_seq, l.epoch, l.batch_id,
               l.logged_at, l.payload
          from log_row l
         where not l.is_first and l.thread_id in (select f.thread_id from first_row f)
    )
    select coalesce(array_agg(f.thread_id), '{}') into stored from first_row f;
    return missing(thread_ids[:appends], stored);
end $$;

-- The same, quicker where each thread has one row, which is most of the time. Where another owner of a thread is quicker,
-- this fails by the log's key, and is to be asked again as contended. The head is looked for near its place first: an
-- index gives all of a thread's rows that stand on one of its pages.
create function append_events(
    contended boolean,
    appends bigint, thread_ids uuid[], first_seqs bigint[], last_seqs bigint[], tenant_ids text[], turns bigint[],
    run_ids uuid[], first_run_seqs bigint[], epochs bigint[], batch_ids uuid[], times bigint[], payloads bytea,
    payload_starts bigint[], payload_ends bigint[])
returns uuid[]
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    stored uuid[];
begin
    if cardinality(thread_ids) = appends and not contended then
        with first_row as (
            insert into event_log (thread_id, first_seq, last_seq, tenant_id, turn, run_id, first_run_seq, epoch,
                                   batch_id, logged_at, payload)
            select r.thread_id, r.first_seq, r.last_seq, r.tenant_id, r.turn, r.run_id, r.first_run_seq, r.epoch,
                   r.batch_id, timestamptz 'epoch' + r.logged_at * interval '1 millisecond',
                   substring(payloads from r.payload_start::int + 1 for (r.payload_end - r.payload_start)::int)
              from unnest(thread_ids, first_seqs, last_seqs, tenant_ids, turns, run_ids, first_run_seqs, epochs,
                          batch_ids, times, payload_starts, payload_ends)
                   as r(thread_id, first_seq, last_seq, tenant_id, turn, run_id, first_run_seq, epoch, batch_id,
                        logged_at, payload_start, payload_end)
             where (r.run_id is null or (select u.tenant_id from runs u where u.id = r.run_id) = r.tenant_id)
               and r.first_seq = 1 + coalesce((select h.last_seq
                                                 from event_log h
                                                where h.thread_id = r.thread_id and h.first_seq >= r.first_seq - 4
                                                order by h.first_seq desc
                                                limit 1),
                                              (select h.last_seq
                                                 from event_log h
                                                where h.thread_id = r.thread_id
                                                order by h.first_seq desc
                                                limit 1), 0)
            returning thread_id
        )
        select coalesce(array_agg(f.thread_id), '{}') into stored from first_row f;
        return missing(thread_ids, stored);
    end if;
    return append_rows(appends, thread_ids, first_seqs, last_seqs, tenant_ids, turns, run_ids, first_run_seqs, epochs,
                       batch_ids, times, payloads, payload_starts, payload_ends);
end $$;

-- What such appends change in other tables, for the threads among them that were stored. Times are Unix milliseconds.
create function change_rows(stored uuid[], run_changes json, item_changes json, run_ends json, used_entries json)
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    if run_changes is not null then
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
               required_action = c.required_action,
               paused_run_seq = coalesce(c.paused_run_seq, r.paused_run_seq)
          from json_to_recordset(run_changes)
               as c(run_id uuid, status text, started_at bigint, started_seq bigint, expires_at bigint, ended_at bigint,
                    ended_seq bigint, prompt_tokens bigint, completion_tokens bigint, cached_tokens bigint,
                    reasoning_tokens bigint, failure_code text, failure_message text, incomplete_reason text,
                    stop_cause text, required_action jsonb, paused_run_seq bigint)
         where r.id = c.run_id and r.thread_id = any (stored);
    end if;

    if item_changes is not null then
        insert into items (thread_id, turn, item_index, id, tenant_id, output_of, model_call, kind, status, item,
                           prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, created_at, ended_at)
        select r.thread_id, r.turn, r.inputs + c.output_index, c.item_id, r.tenant_id, r.id, c.model_call,
               c.item ->> 'type', c.status, c.item, c.prompt_tokens, c.completion_tokens, c.cached_tokens,
               c.reasoning_tokens, timestamptz 'epoch' + c.created_at * interval '1 millisecond',
               timestamptz 'epoch' + c.ended_at * interval '1 millisecond'
          from json_to_recordset(item_changes)
               as c(run_id uuid, item_id uuid, output_index int, model_call int, status text, item jsonb,
                    prompt_tokens bigint, completion_tokens bigint, cached_tokens bigint, reasoning_tokens bigint,
                    created_at bigint, ended_at bigint)
          join runs r on r.id = c.run_id
         where r.thread_id = any (stored)
        on conflict (thread_id, turn, item_index) do update
           set status = excluded.status,
               item = excluded.item,
               prompt_tokens = excluded.prompt_tokens,
               completion_tokens = excluded.completion_tokens,
               cached_tokens = excluded.cached_tokens,
               reasoning_tokens = excluded.reasoning_tokens,
               ended_at = excluded.ended_at;
    end if;

    if run_ends is not null then
        update items i
           set status = e.cut_status,
               ended_at = timestamptz 'epoch' + e.ended_at * interval '1 millisecond'
          from json_to_recordset(run_ends) as e(run_id uuid, cut_status text, ended_at bigint)
         where i.output_of = e.run_id
           and i.status = 'in_progress'
           and i.thread_id = any (stored);

        -- Requests to an ended run are void.
        delete from thread_inbox b
         using json_to_recordset(run_ends) as e(run_id uuid)
         where b.run_id = e.run_id
           and b.kind in ('stop', 'outputs')
           and b.thread_id = any (stored);
    end if;

    if used_entries is not null then
        delete from thread_inbox b
         using json_to_recordset(used_entries) as c(id bigint, thread_id uuid)
         where b.id = c.id and c.thread_id = any (stored);
    end if;
end $$;

-- Both, in one statement, which is one transaction.
create function append_with_changes(
    contended boolean,
    appends bigint, thread_ids uuid[], first_seqs bigint[], last_seqs bigint[], tenant_ids text[], turns bigint[],
    run_ids uuid[], first_run_seqs bigint[], epochs bigint[], batch_ids uuid[], times bigint[], payloads bytea,
    payload_starts bigint[], payload_ends bigint[], run_changes json, item_changes json, run_ends json,
    used_entries json)
returns uuid[]
language plpgsql
as $$
declare
    left_out uuid[] := append_events(contended, appends, thread_ids, first_seqs, last_seqs, tenant_ids, turns, run_ids,
                                     first_run_seqs, epochs, batch_ids, times, payloads, payload_starts, payload_ends);
begin
    perform change_rows(missing(thread_ids[:appends], left_out), run_changes, item_changes, run_ends, used_entries);
    return left_out;
end $$;
