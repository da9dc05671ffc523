-- A request that may be repeated: its key stands here with what it made. claim names the one request that made it.
create table idempotency_keys (
    tenant_id  text        not null,
    key        text        not null,
    method     text        not null,
    path       text        not null,
    body_hash  text        not null,
    claim      uuid        not null,
    made       uuid,
    detail     bigint,
    created_at timestamptz not null default now(),
    primary key (tenant_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
