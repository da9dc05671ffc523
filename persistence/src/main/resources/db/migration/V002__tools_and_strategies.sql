-- How runs of the thread treat earlier ones, where neither their requests nor their assistants say.
alter table threads
    add column strategy text;

-- A withdrawn turn is in no list and no context any more. An imported one is a copy: nobody adopts it.
alter table turns
    add column withdrawn boolean not null default false,
    add column imported  boolean not null default false;
create index turns_withdrawn on turns (thread_id, number) where withdrawn;
drop index turns_free;
create index turns_free on turns (thread_id)
    where run_id is null and adopted_by is null and not withdrawn and not imported;

-- A deleted message stays for the steps that tell of it.
alter table items
    add column deleted_at timestamptz;

-- The calls that a paused run waits for, and the number of the event that said so, which stays.
alter table runs
    add column required_action jsonb,
    add column paused_run_seq  bigint;
create index runs_paused on runs (expires_at) where status = 'requires_action';

-- The outputs that were brought to a run, or what has changed in the thread.
alter table thread_inbox
    add column payload jsonb;
create unique index thread_inbox_one_outputs on thread_inbox (run_id) where kind = 'outputs';

-- The effect ledger: a row is written before a tool is called. begun_by names the attempt that was the first.
create table tool_calls (
    run_id    uuid        not null references runs on delete cascade,
    call_id   text        not null,
    tenant_id text        not null,
    thread_id uuid        not null,
    tool      text        not null,
    begun_by  uuid        not null,
    begun_at  timestamptz not null default now(),
    ended_at  timestamptz,
    output    text,
    primary key (run_id, call_id)
);
