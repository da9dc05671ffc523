-- One row an assistant; runs keep a frozen copy of what they use, so nothing refers to it.
create table assistants (
    id          uuid        primary key,
    tenant_id   text        not null,
    ordinal     bigint      generated always as identity,
    version     int         not null,
    spec        jsonb       not null,
    metadata    jsonb       not null,
    created_at  timestamptz not null default now()
);
create unique index assistants_by_ordinal on assistants (tenant_id, ordinal);

-- The row that admission locks. The group commit never touches it.
create table threads (
    id          uuid        primary key,
    tenant_id   text        not null,
    metadata    jsonb       not null,
    next_turn   bigint      not null default 1,
    owner_node  uuid,
    owner_epoch bigint      not null default 0,
    created_at  timestamptz not null default now(),
    deleted_at  timestamptz
);
create index threads_by_tenant on threads (tenant_id, created_at);

-- A turn of a run names it; a message turn names the run that adopted it, once one did.
create table turns (
    thread_id   uuid   not null references threads on delete cascade,
    number      bigint not null,
    tenant_id   text   not null,
    run_id      uuid,
    adopted_by  uuid,
    primary key (thread_id, number)
);
create index turns_free on turns (thread_id) where run_id is null and adopted_by is null;
create index turns_adopted on turns (adopted_by) where adopted_by is not null;

-- Admission inserts a run; from then on only appends of the thread's owner change its state.
create table runs (
    id                uuid        primary key,
    tenant_id         text        not null,
    thread_id         uuid        not null references threads on delete cascade,
    turn              bigint      not null,
    inputs            int         not null,
    strategy          text        not null,
    spec              jsonb       not null,
    assistant_id      uuid        generated always as ((spec ->> 'assistant')::uuid) stored,
    metadata          jsonb       not null,
    created_at        timestamptz not null default now(),
    expires_at        timestamptz not null,
    status            text        not null,
    logged            boolean     not null default false,
    started_at        timestamptz,
    started_seq       bigint,
    ended_at          timestamptz,
    ended_seq         bigint,
    prompt_tokens     bigint      not null default 0,
    completion_tokens bigint      not null default 0,
    failure_code      text,
    failure_message   text,
    incomplete_reason text,
    unique (thread_id, turn)
);
create index runs_active on runs (thread_id) where ended_seq is null;

-- No foreign key to threads: an insert here must not wait for an admission that holds the thread's row.
create table items (
    thread_id         uuid        not null,
    turn              bigint      not null,
    item_index        int         not null,
    id                uuid        not null unique,
    tenant_id         text        not null,
    output_of         uuid,
    model_call        int         not null default 0,
    kind              text        not null,
    status            text        not null,
    item              jsonb       not null constraint item_size check (octet_length(item::text) <= 50331648),
    metadata          jsonb       not null default '{}',
    prompt_tokens     bigint      not null default 0,
    completion_tokens bigint      not null default 0,
    created_at        timestamptz not null,
    ended_at          timestamptz,
    primary key (thread_id, turn, item_index)
);
create index items_of_run on items (output_of, turn, item_index) where output_of is not null;

-- The truth. A row holds consecutive events of one run, or one event of the thread. The primary key is the fence:
-- of two writers only one can put a row at head + 1.
create table event_log (
    thread_id     uuid        not null,
    first_seq     bigint      not null,
    last_seq      bigint      not null,
    tenant_id     text        not null,
    turn          bigint      not null,
    run_id        uuid,
    first_run_seq bigint      not null,
    epoch         bigint      not null,
    batch_id      uuid        not null,
    logged_at     timestamptz not null,
    payload       bytea       not null,
    primary key (thread_id, first_seq)
);
create index event_log_by_turn on event_log (thread_id, turn, first_run_seq);

-- What is asked of a thread's owner, in the order in which it was decided.
create table thread_inbox (
    id         bigint      generated always as identity primary key,
    tenant_id  text        not null,
    thread_id  uuid        not null,
    kind       text        not null,
    turn       bigint,
    run_id     uuid,
    item_id    uuid,
    strategy   text,
    cause      text,
    created_at timestamptz not null default now()
);
create index thread_inbox_by_thread on thread_inbox (thread_id, id);
create unique index thread_inbox_one_stop on thread_inbox (run_id) where kind = 'stop';

-- One row a living process; by the database's clock.
create table nodes (
    id           uuid        primary key,
    started_at   timestamptz not null default now(),
    heartbeat_at timestamptz not null default now()
);
