package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Numbers a lane's events and has them stored, one append at a time: what comes meanwhile waits and goes together.
 * Numbers are given when an append is cut and hold once it is stored; one that left no trace is numbered anew. Touched
 * only by the lane's tasks.
 */
final class LaneWriter {
    private final ThreadKey thread;
    private final EventLog log;
    private final Clock clock;
    private final SerialLoop loop;
    private final int maxEventsPerAppend;
    private final Listener listener;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /** Where the names of its appends begin: drawn once, since what is random costs a system call. */
    private final UUID batches = UUID.randomUUID();

    private long batch;
    private long epoch;
    private long head;
    private boolean busy;
    private boolean closed;
    private int isolating;

    /** Is told, inside the lane's loop, what became of the events. */
    interface Listener {
        void stored(Waiting event, long seq);

        /** After all of an append was told; {@code events} of them had come from the runs' works. */
        void appended(int events);

        /** All waiting events of that owner were dropped: they cannot be stored. */
        void refused(List<Waiting> events, String reason);

        void fenced();

        /** Nothing waits, and nothing is under way. */
        void idle();

        void failed(Throwable error);
    }

    LaneWriter(ThreadKey thread, LaneParts parts, SerialLoop loop, Listener listener) {
        this.thread = thread;
        this.log = parts.log();
        this.clock = parts.clock();
        this.maxEventsPerAppend = parts.settings().maxEventsPerAppend();
        this.loop = loop;
        this.listener = listener;
    }

    /** Continues the thread's log behind {@code head}, in the given epoch. */
    void begin(long currentEpoch, long currentHead) {
        epoch = currentEpoch;
        head = currentHead;
    }

    /** Appends nothing more; what is under way cannot be taken back. */
    void close() {
        closed = true;
        waiting.clear();
    }

    void add(Waiting event) {
        waiting.add(event);
        // Tasks that are already queued may add more: cut after them.
        if (!busy && waiting.size() == 1) {
            loop.run(this::flush);
        }
    }

    boolean isIdle() {
        return !busy && waiting.isEmpty();
    }

    private void flush() {
        if (busy || closed || waiting.isEmpty()) {
            return;
        }
        busy = true;
        List<Waiting> batch = cut();
        Append append = number(batch);
        log.append(append)
                .subscribe(
                        outcome -> loop.run(() -> ended(batch, append, outcome)),
                        error -> loop.run(() -> listener.failed(error)));
    }

    /** Takes the next events, those of one run together: that is the last time anything moves. */
    private List<Waiting> cut() {
        int limit = isolating > 0 ? leadingOfOneOwner() : maxEventsPerAppend;
        var taken = new ArrayList<Waiting>(Math.min(limit, waiting.size()));
        List<Long> answering = List.of();
        boolean ofOneOwner = true;
        while (!waiting.isEmpty() && (taken.size() < limit || waiting.element().answers(answering))) {
            Waiting event = waiting.remove();
            taken.add(event);
            answering = event.inbox();
            ofOneOwner &= event.owner().equals(taken.getFirst().owner());
        }
        return ofOneOwner ? taken : byOwner(taken);
    }

    private static List<Waiting> byOwner(List<Waiting> taken) {
        Map<Object, List<Waiting>> byOwner = new LinkedHashMap<>();
        for (Waiting event : taken) {
            byOwner.computeIfAbsent(event.owner(), _ -> new ArrayList<>()).add(event);
        }
        return byOwner.values().stream().flatMap(List::stream).toList();
    }

    private int leadingOfOneOwner() {
        Object owner = waiting.element().owner();
        int leading = (int) waiting.stream()
                .limit(isolating)
                .takeWhile(event -> event.owner().equals(owner))
                .count();
        isolating -= leading;
        return leading;
    }

    private Append number(List<Waiting> batch) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var events = new ArrayList<LoggedEvent>(batch.size());
        var inbox = new ArrayList<Long>();
        var runSeqs = new RunSeqs();
        for (Waiting event : batch) {
            events.add(new LoggedEvent(head + 1 + events.size(), event.turn(), now, runSeqs.number(event)));
            addMissing(event.inbox(), inbox);
        }
        return new Append(thread, epoch, nextBatch(), events, inbox);
    }

    private static void addMissing(List<Long> entries, List<Long> inbox) {
        for (Long entry : entries) {
            if (!inbox.contains(entry)) {
                inbox.add(entry);
            }
        }
    }

    /** Unlike any other of this writer, and of all writers as surely as what is random is. */
    private UUID nextBatch() {
        return new UUID(batches.getMostSignificantBits(), batches.getLeastSignificantBits() + batch++);
    }

    /** Numbers the events of each run on from where it stands; those of one run come together. */
    private static final class RunSeqs {
        private @Nullable LaneRun run;
        private long next;

        ThreadEvent number(Waiting event) {
            return switch (event) {
                case Waiting.OfThread ofThread -> ofThread.event();
                case Waiting.OfRun ofRun ->
                    new ThreadEvent.OfRun(ofRun.run().key().id(), next(ofRun.run()), ofRun.event());
            };
        }

        private long next(LaneRun numbered) {
            if (run != numbered) {
                run = numbered;
                next = numbered.nextRunSeq();
            }
            return next++;
        }
    }

    private void ended(List<Waiting> batch, Append append, AppendOutcome outcome) {
        switch (outcome) {
            case AppendOutcome.Stored _ -> stored(batch, append);
            case AppendOutcome.Moved moved -> {
                head = moved.head();
                putBack(batch);
            }
            case AppendOutcome.Refused refused -> refused(batch, refused.reason());
            case AppendOutcome.Fenced _ -> {
                listener.fenced();
                return;
            }
        }
        busy = false;
        flush();
        if (isIdle()) {
            listener.idle();
        }
    }

    private void stored(List<Waiting> batch, Append append) {
        head = append.lastSeq();
        int fromWork = 0;
        for (int i = 0; i < batch.size(); i++) {
            Waiting event = batch.get(i);
            if (event instanceof Waiting.OfRun ofRun) {
                ofRun.run().stored();
                fromWork += ofRun.fromWork() ? 1 : 0;
            }
            listener.stored(event, append.firstSeq() + i);
        }
        listener.appended(fromWork);
    }

    private void putBack(List<Waiting> batch) {
        batch.reversed().forEach(waiting::addFirst);
    }

    /** Finds whose fault it is: goes on owner by owner until one is refused alone. */
    private void refused(List<Waiting> batch, String reason) {
        Object owner = batch.getFirst().owner();
        if (!batch.getLast().owner().equals(owner)) {
            putBack(batch);
            isolating = batch.size();
            return;
        }
        var dropped = new ArrayList<>(batch);
        waiting.stream().filter(event -> event.owner().equals(owner)).forEach(dropped::add);
        waiting.removeIf(event -> event.owner().equals(owner));
        listener.refused(dropped, reason);
    }
}
