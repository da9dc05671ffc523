package dev.heddle.streaming.log;

import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Keeps the newest events of the threads this instance owns in memory, so that a reader who keeps up never asks the
 * database. Holds an event only after its append was stored; what it has let go is read from the log behind it. All
 * readers share the same events: a slow reader costs nothing here.
 */
public final class TailCache implements EventLog {
    private final EventLog log;
    private final int maxBytesPerThread;
    private final long maxBytes;
    private final Map<ThreadId, Tail> tails = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong ticks = new AtomicLong();

    public TailCache(EventLog log, int maxBytesPerThread, long maxBytes) {
        this.log = log;
        this.maxBytesPerThread = maxBytesPerThread;
        this.maxBytes = maxBytes;
    }

    @Override
    public Mono<AppendOutcome> append(Append append) {
        return log.append(append).doOnNext(outcome -> remember(append, outcome));
    }

    @Override
    public Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit) {
        return Mono.defer(() -> {
            var kept = atHandOfThread(thread, after, limit);
            return kept == null ? log.readThread(thread, after, limit) : Mono.just(kept);
        });
    }

    @Override
    public @Nullable List<LoggedEvent> atHandOfThread(ThreadKey thread, long after, int limit) {
        Tail tail = tails.get(thread.id());
        return tail == null ? null : tail.after(after, limit);
    }

    @Override
    public Mono<List<LoggedEvent>> readTurn(ThreadKey thread, long turn, long after, int limit) {
        return Mono.defer(() -> {
            var kept = atHandOfTurn(thread, turn, after, limit);
            return kept == null ? log.readTurn(thread, turn, after, limit) : Mono.just(kept);
        });
    }

    @Override
    public @Nullable List<LoggedEvent> atHandOfTurn(ThreadKey thread, long turn, long after, int limit) {
        Tail tail = tails.get(thread.id());
        return tail == null ? null : tail.ofTurn(turn, after, limit);
    }

    @Override
    public Mono<Long> turnAfter(ThreadKey thread, long turn) {
        return log.turnAfter(thread, turn);
    }

    @Override
    public Mono<Long> head(ThreadKey thread) {
        return Mono.defer(() -> Optional.ofNullable(tails.get(thread.id()))
                .flatMap(Tail::head)
                .map(Mono::just)
                .orElseGet(() -> log.head(thread)));
    }

    /** The thread's lane begins, and nothing stands in its log: who reads it by now need not ask the database. */
    public void begin(ThreadId thread) {
        tails.computeIfAbsent(thread, _ -> Tail.ofEmptyLog(maxBytesPerThread, ticks.incrementAndGet()));
    }

    /** Lets a thread go: its lane has closed, and from now on others may append to its log. */
    public void forget(ThreadId thread) {
        Tail tail = tails.remove(thread);
        if (tail != null) {
            bytes.addAndGet(-tail.close());
        }
    }

    /** The estimated size of all events held, in bytes. */
    public long heldBytes() {
        return bytes.get();
    }

    private void remember(Append append, AppendOutcome outcome) {
        if (!(outcome instanceof AppendOutcome.Stored)) {
            forget(append.thread().id());
            return;
        }
        Tail tail = tails.computeIfAbsent(append.thread().id(), _ -> new Tail(maxBytesPerThread));
        bytes.addAndGet(tail.add(append.events(), ticks.incrementAndGet()));
        while (bytes.get() > maxBytes) {
            tails.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().lastUsed()))
                    .ifPresent(oldest -> forget(oldest.getKey()));
        }
    }
}
