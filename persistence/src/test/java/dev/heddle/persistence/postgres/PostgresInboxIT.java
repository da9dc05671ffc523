package dev.heddle.persistence.postgres;

import dev.heddle.streaming.lane.Inbox;
import dev.heddle.streaming.lane.InboxContract;
import dev.heddle.streaming.lane.Requests;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.run.ThreadKey;
import org.junit.jupiter.api.AfterAll;

class PostgresInboxIT extends InboxContract {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final EventLog log = POSTGRES.log();

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Override
    protected Inbox inbox() {
        return POSTGRES.inbox();
    }

    @Override
    protected EventLog log() {
        return log;
    }

    @Override
    protected Requests requests() {
        return REQUESTS;
    }

    @Override
    protected void claimed(ThreadKey thread, long epoch) {
        REQUESTS.claimed(thread, epoch);
    }
}
