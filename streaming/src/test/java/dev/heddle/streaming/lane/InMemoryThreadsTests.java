package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.EventLogContract;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Instant;
import org.junit.jupiter.api.Nested;

/** The database of the tests keeps the contracts, too: what they show holds for what it stands for. */
class InMemoryThreadsTests {
    private final InMemoryThreads threads = new InMemoryThreads();

    @Nested
    class AsAnEventLog extends EventLogContract {
        @Override
        protected EventLog log() {
            return threads;
        }

        @Override
        protected ThreadKey newThread() {
            return threads.newThread();
        }

        @Override
        protected RunKey newRun(ThreadKey thread, long turn) {
            return threads.newRun(thread, turn, Strategy.CONCURRENT);
        }

        @Override
        protected void claimed(ThreadKey thread, long epoch) {
            threads.claimed(thread, epoch);
        }
    }

    @Nested
    class AsAnInbox extends InboxContract {
        @Override
        protected Inbox inbox() {
            return threads;
        }

        @Override
        protected EventLog log() {
            return threads;
        }

        @Override
        protected Requests requests() {
            return threads;
        }

        @Override
        protected void claimed(ThreadKey thread, long epoch) {
            threads.claimed(thread, epoch);
        }
    }

    @Nested
    class AsAnOwnership extends OwnershipContract {
        @Override
        protected Ownership joins(NodeId node) {
            threads.timeIs(Instant.now());
            return threads.ownership(node);
        }

        @Override
        protected void dies(NodeId node) {
            threads.dies(node);
        }

        @Override
        protected EventLog log() {
            return threads;
        }

        @Override
        protected Inbox inbox() {
            return threads;
        }

        @Override
        protected Requests requests() {
            return threads;
        }
    }
}
