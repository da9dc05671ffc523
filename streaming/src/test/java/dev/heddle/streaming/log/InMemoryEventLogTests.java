package dev.heddle.streaming.log;

import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;

class InMemoryEventLogTests extends EventLogContract {
    private final InMemoryEventLog log = new InMemoryEventLog();

    @Override
    protected EventLog log() {
        return log;
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
