-- The list of a tenant's threads, in its order and without those that were deleted.
drop index threads_by_tenant;
create index threads_by_tenant on threads (tenant_id, created_at, id) where deleted_at is null;

-- Which threads have certain metadata. Few have any one pair, so the tenant is looked at afterwards.
create index threads_by_metadata on threads using gin (metadata jsonb_path_ops) where deleted_at is null;
