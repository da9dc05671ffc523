package dev.heddle.gateway.protocol.streams;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** A log that counts what is asked of it, and fails when the test says so. */
final class CountedLog implements EventLog {
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    volatile boolean broken;
    private final EventLog log;

    CountedLog(EventLog log) {
        this.log = log;
    }

    @Override
    public Mono<AppendOutcome> append(Append append) {
        return log.append(append);
    }

    @Override
    public Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit) {
        return Mono.defer(() -> {
            reads.incrementAndGet();
            most.accumulateAndGet(limit, Math::max);
            return broken ? Mono.error(new IllegalStateException("no database")) : log.readThread(thread, after, limit);
        });
    }

    @Override
    public Mono<List<LoggedEvent>> readTurn(ThreadKey thread, long turn, long after, int limit) {
        return log.readTurn(thread, turn, after, limit);
    }

    @Override
    public Mono<Long> turnAfter(ThreadKey thread, long turn) {
        return log.turnAfter(thread, turn);
    }

    @Override
    public Mono<Long> head(ThreadKey thread) {
        return log.head(thread);
    }
}
