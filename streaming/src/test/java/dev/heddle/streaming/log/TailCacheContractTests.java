package dev.heddle.streaming.log;

import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import org.junit.jupiter.api.Nested;

/** Whatever a cache has let go of, its readers see no difference. */
class TailCacheContractTests {
    @Nested
    class WhenEverythingStays extends TailCacheContract {
        WhenEverythingStays() {
            super(10_000_000, 100_000_000);
        }
    }

    @Nested
    class WhenAFewEventsStay extends TailCacheContract {
        WhenAFewEventsStay() {
            super(1200, 100_000);
        }
    }

    @Nested
    class WhenEveryEventFallsOut extends TailCacheContract {
        WhenEveryEventFallsOut() {
            super(1, 100_000);
        }
    }

    @Nested
    class WhenEveryThreadFallsOut extends TailCacheContract {
        WhenEveryThreadFallsOut() {
            super(1_000_000, 1);
        }
    }

    abstract static class TailCacheContract extends EventLogContract {
        private final InMemoryEventLog log = new InMemoryEventLog();
        private final TailCache cache;

        TailCacheContract(int maxBytesPerThread, long maxBytes) {
            this.cache = new TailCache(log, maxBytesPerThread, maxBytes);
        }

        @Override
        protected EventLog log() {
            return cache;
        }

        @Override
        protected ThreadKey newThread() {
            return new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
        }

        @Override
        protected RunKey newRun(ThreadKey thread, long turn) {
            return new RunKey(thread, turn, RunId.fresh());
        }

        @Override
        protected void claimed(ThreadKey thread, long epoch) {
            log.claimed(thread, epoch);
        }
    }
}
