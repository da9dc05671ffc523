package dev.heddle.persistence.postgres;

import dev.heddle.streaming.lane.ActiveRun;
import dev.heddle.streaming.lane.OwnedThread;
import dev.heddle.streaming.lane.Ownership;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Ownership in the row of the thread; a node lives as long as its heartbeat is younger than the lease. */
final class PostgresOwnership implements Ownership {
    private static final int MAX_UNATTENDED = 256;

    private final Database database;
    private final NodeId node;
    private final double leaseSeconds;

    PostgresOwnership(Database database, NodeId node, Duration lease) {
        this.database = database;
        this.node = node;
        this.leaseSeconds = lease.toMillis() / 1000.0;
    }

    // The second branch sees the row as it was before the statement, so exactly one of the two answers. So is the
    // head: if the claim had to wait for the row, it may have moved since, and the first append is told.
    private static final String OWN = """
            with claimed as (
                update threads t
                   set owner_node = $3, owner_epoch = t.owner_epoch + 1
                 where t.tenant_id = $1
                   and t.id = $2
                   and (t.owner_node is null
                        or t.owner_node = $3 and $4
                        or t.owner_node <> $3
                           and not exists (select from nodes n
                                            where n.id = t.owner_node
                                              and n.heartbeat_at > now() - $5 * interval '1 second'))
                returning t.owner_epoch
            )
            select o.owner_epoch, o.claimed,
                   coalesce((select l.last_seq
                               from event_log l
                              where l.tenant_id = $1 and l.thread_id = $2
                              order by l.first_seq desc
                              limit 1), 0) as head
              from (select c.owner_epoch, true as claimed from claimed c
                    union all
                    select t.owner_epoch, false
                      from threads t
                     where t.tenant_id = $1 and t.id = $2 and t.owner_node = $3 and not $4) o
            """;

    @Override
    public Mono<OwnedThread> own(ThreadKey thread, boolean anew) {
        return database.one(
                OWN, this::owned, thread.tenant().value(), thread.id().value(), node.value(), anew, leaseSeconds);
    }

    private OwnedThread owned(Readable row) {
        return new OwnedThread(
                node,
                Column.of(row, "owner_epoch", Long.class),
                Column.of(row, "claimed", Boolean.class),
                Column.of(row, "head", Long.class));
    }

    private static final String ACTIVE_RUNS = """
            select r.id, r.turn, r.strategy, r.status, r.started_seq, r.expires_at,
                   (select l.first_run_seq + l.last_seq - l.first_seq + 1
                      from event_log l
                     where l.tenant_id = r.tenant_id and l.thread_id = r.thread_id and l.turn = r.turn
                     order by l.first_run_seq desc
                     limit 1) as next_run_seq
              from runs r
             where r.tenant_id = $1 and r.thread_id = $2 and r.ended_seq is null and r.logged
             order by r.turn
            """;

    @Override
    public Mono<List<ActiveRun>> activeRuns(ThreadKey thread) {
        return database.list(
                ACTIVE_RUNS,
                PostgresOwnership::activeRun,
                thread.tenant().value(),
                thread.id().value());
    }

    private static ActiveRun activeRun(Readable row) {
        return new ActiveRun(
                new RunId(Column.of(row, "id", UUID.class)),
                Column.of(row, "turn", Long.class),
                Spelling.read(Strategy.class, Column.of(row, "strategy", String.class)),
                Spelling.read(RunStatus.class, Column.of(row, "status", String.class)),
                Column.of(row, "next_run_seq", Long.class),
                Column.find(row, "started_seq", Long.class)
                        .map(seq -> new ActiveRun.Begun(seq, Column.of(row, "expires_at", Instant.class))));
    }

    // Threads of all tenants: whose they are does not matter to their owner.
    private static final String UNATTENDED = """
            select t.tenant_id, t.id
              from threads t
              left join nodes n on n.id = t.owner_node and n.heartbeat_at > now() - $2 * interval '1 second'
             where (n.id is null or n.id = $1)
               and t.id in (select b.thread_id from thread_inbox b where b.created_at < now() - interval '1 second')
            union
            select t.tenant_id, t.id
              from runs r
              join threads t on t.id = r.thread_id
              left join nodes n on n.id = t.owner_node and n.heartbeat_at > now() - $2 * interval '1 second'
             where r.ended_seq is null and r.status <> 'requires_action' and n.id is null
            union
            select t.tenant_id, t.id
              from runs r
              join threads t on t.id = r.thread_id
              left join nodes n on n.id = t.owner_node and n.heartbeat_at > now() - $2 * interval '1 second'
             where r.status = 'requires_action' and r.expires_at <= now() and (n.id is null or n.id = $1)
             limit $3
            """;

    @Override
    public Flux<ThreadKey> unattended() {
        return database.list(UNATTENDED, PostgresOwnership::key, node.value(), leaseSeconds, MAX_UNATTENDED)
                .flatMapIterable(threads -> threads);
    }

    private static ThreadKey key(Readable row) {
        return new ThreadKey(
                new TenantId(Column.of(row, "tenant_id", String.class)),
                new ThreadId(Column.of(row, "id", UUID.class)));
    }
}
