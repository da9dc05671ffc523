package dev.heddle.streaming.log;

import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** The log as it is meant, in a few lines and without durability: the reference that tests compare with. */
public final class InMemoryEventLog implements EventLog {
    private final Map<ThreadId, Stored> threads = new ConcurrentHashMap<>();

    @Override
    public Mono<AppendOutcome> append(Append append) {
        return Mono.fromSupplier(() -> stored(append.thread()).append(append));
    }

    @Override
    public Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit) {
        return Mono.fromSupplier(() -> page(thread, limit, event -> event.seq() > after));
    }

    @Override
    public Mono<List<LoggedEvent>> readTurn(ThreadKey thread, long turn, long after, int limit) {
        return Mono.fromSupplier(() -> page(thread, limit, event -> event.turn() == turn && event.runSeq() > after));
    }

    @Override
    public Mono<Long> turnAfter(ThreadKey thread, long turn) {
        return Mono.fromSupplier(() -> stored(thread).events().map(LoggedEvent::turn))
                .flatMap(turns ->
                        Mono.justOrEmpty(turns.filter(other -> other > turn).min(Long::compare)));
    }

    @Override
    public Mono<Long> head(ThreadKey thread) {
        return Mono.fromSupplier(() -> stored(thread).head());
    }

    /** From now on this is the epoch of the thread's owner; an append of a lower one is told so when it collides. */
    public void claimed(ThreadKey thread, long epoch) {
        stored(thread).claimed(epoch);
    }

    /** Drops the thread's events up to {@code seq}, as retention does. */
    public void forget(ThreadKey thread, long seq) {
        stored(thread).forget(seq);
    }

    private List<LoggedEvent> page(ThreadKey thread, int limit, java.util.function.Predicate<LoggedEvent> wanted) {
        return stored(thread).events().filter(wanted).limit(limit).toList();
    }

    private Stored stored(ThreadKey thread) {
        return threads.computeIfAbsent(thread.id(), _ -> new Stored());
    }

    private static final class Stored {
        private final List<LoggedEvent> events = new ArrayList<>();
        private final Map<Long, UUID> batchByFirstSeq = new ConcurrentHashMap<>();
        private long epoch;
        private long head;

        synchronized AppendOutcome append(Append append) {
            if (append.batch().equals(batchByFirstSeq.get(append.firstSeq()))) {
                return new AppendOutcome.Stored();
            }
            if (append.firstSeq() != head + 1) {
                return append.epoch() < epoch ? new AppendOutcome.Fenced() : new AppendOutcome.Moved(head);
            }
            epoch = Math.max(epoch, append.epoch());
            head = append.lastSeq();
            batchByFirstSeq.put(append.firstSeq(), append.batch());
            events.addAll(append.events());
            return new AppendOutcome.Stored();
        }

        synchronized void claimed(long claim) {
            epoch = Math.max(epoch, claim);
        }

        synchronized Stream<LoggedEvent> events() {
            return List.copyOf(events).stream();
        }

        synchronized long head() {
            return head;
        }

        synchronized void forget(long seq) {
            events.removeIf(event -> event.seq() <= seq);
        }
    }
}
