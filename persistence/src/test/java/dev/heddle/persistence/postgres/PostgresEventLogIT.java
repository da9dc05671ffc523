package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.EventLogContract;
import dev.heddle.streaming.log.TailCache;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** The log in PostgreSQL keeps the contract, by itself and behind every size of the cache. */
class PostgresEventLogIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Nested
    class ByItself extends PostgresContract {
        ByItself() {
            super(POSTGRES.log());
        }
    }

    @Nested
    class BehindACache extends PostgresContract {
        BehindACache() {
            super(new TailCache(POSTGRES.log(), 10_000_000, 100_000_000));
        }
    }

    @Nested
    class BehindACacheOfAFewEvents extends PostgresContract {
        BehindACacheOfAFewEvents() {
            super(new TailCache(POSTGRES.log(), 1200, 100_000));
        }
    }

    abstract static class PostgresContract extends EventLogContract {
        private final EventLog log;

        PostgresContract(EventLog log) {
            this.log = log;
        }

        @Override
        protected EventLog log() {
            return log;
        }

        @Override
        protected ThreadKey newThread() {
            return REQUESTS.newThread();
        }

        @Override
        protected RunKey newRun(ThreadKey thread, long turn) {
            return REQUESTS.newRun(thread, turn);
        }

        @Override
        protected void claimed(ThreadKey thread, long epoch) {
            REQUESTS.claimed(thread, epoch);
        }
    }
}
