-- A branch shows its ancestors' turns up to parent_turn, and its own behind them. Of the parent, it goes on from what the
-- run of parent_turn saw, which the events of the parent's log up to parent_seq say. While a branch is there, its parent is.
alter table threads
    add column parent_thread uuid references threads,
    add column parent_turn   bigint,
    add column parent_seq    bigint,
    add constraint parent_whole check (num_nulls(parent_thread, parent_turn, parent_seq) in (0, 3));
create index threads_by_parent on threads (parent_thread) where parent_thread is not null;

-- A short-lived thread is in no list; held_until is when it may be discarded at the earliest.
alter table threads
    add column short_lived boolean not null default false,
    add column held_until  timestamptz;
create index threads_short_lived on threads (created_at) where short_lived;
drop index threads_by_tenant;
create index threads_by_tenant on threads (tenant_id, created_at, id) where deleted_at is null and not short_lived;
drop index threads_by_metadata;
create index threads_by_metadata on threads using gin (metadata jsonb_path_ops)
    where deleted_at is null and not short_lived;

-- How long a run is found by its id alone; and why it was stopped, when that was its end.
alter table runs
    add column stop_cause       text,
    add column keeping          text        not null default 'stored',
    add column forgotten_at     timestamptz,
    add column cached_tokens    bigint      not null default 0,
    add column reasoning_tokens bigint      not null default 0;

alter table items
    add column cached_tokens    bigint      not null default 0,
    add column reasoning_tokens bigint      not null default 0;
-- Which calls have an output is asked before each run that goes on from others: it must not read what was said.
create index items_of_calls on items (thread_id, turn, item_index)
    where kind in ('function_call', 'function_call_output');

-- Who shows a ticket may read one stream, once. Only a digest of it stands here.
create table stream_tickets (
    digest     text        primary key,
    tenant_id  text        not null,
    thread_id  uuid        not null,
    run_id     uuid,
    expires_at timestamptz not null
);
create index stream_tickets_by_expiry on stream_tickets (expires_at);
