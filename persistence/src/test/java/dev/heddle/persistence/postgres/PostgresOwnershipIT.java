package dev.heddle.persistence.postgres;

import dev.heddle.streaming.lane.Inbox;
import dev.heddle.streaming.lane.Ownership;
import dev.heddle.streaming.lane.OwnershipContract;
import dev.heddle.streaming.lane.Requests;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.run.NodeId;
import org.junit.jupiter.api.AfterAll;

class PostgresOwnershipIT extends OwnershipContract {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final EventLog log = POSTGRES.log();

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Override
    protected Ownership joins(NodeId node) {
        POSTGRES.rows("insert into nodes (id) values (?)", node.value());
        return POSTGRES.ownership(node);
    }

    @Override
    protected void dies(NodeId node) {
        POSTGRES.rows("update nodes set heartbeat_at = now() - interval '11 seconds' where id = ?", node.value());
    }

    @Override
    protected EventLog log() {
        return log;
    }

    @Override
    protected Inbox inbox() {
        return POSTGRES.inbox();
    }

    @Override
    protected Requests requests() {
        return REQUESTS;
    }

    @Override
    protected void aWhilePasses() {
        POSTGRES.rows("update thread_inbox set created_at = created_at - interval '2 seconds'");
    }
}
