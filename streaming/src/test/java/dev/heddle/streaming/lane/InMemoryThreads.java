package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.InMemoryEventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The database of the tests: threads, runs and inboxes beside an in-memory log, under one lock. Every instance (node) of
 * a test works on the same one. An append changes the rows that its events imply, as the real one does.
 */
public final class InMemoryThreads implements EventLog, Inbox, Requests {
    private Clock clock;
    private final InMemoryEventLog log = new InMemoryEventLog();
    private final Map<ThreadId, Row> threads = new HashMap<>();
    private final Set<NodeId> dead = new HashSet<>();
    private long lastEntry;

    public InMemoryThreads() {
        this(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    public InMemoryThreads(Clock clock) {
        this.clock = clock;
    }

    /** A run that was admitted in the place of others. */
    public record Replacement(RunKey run, List<RunKey> others) {}

    /** Threads as one node sees them. */
    public Ownership ownership(NodeId node) {
        return new Node(node);
    }

    /** The node's lease runs out: its threads are free for others. */
    public synchronized void dies(NodeId node) {
        dead.add(node);
    }

    /** The time by which paused runs are due; without it, none ever is. */
    public synchronized void timeIs(Instant time) {
        clock = Clock.fixed(time, ZoneOffset.UTC);
    }

    /** Makes this the epoch of the thread's current owner, whoever that is. */
    public synchronized void claimed(ThreadKey thread, long epoch) {
        row(thread).epoch = epoch;
        log.claimed(thread, epoch);
    }

    /** A queued run at this turn, without telling anyone. */
    public synchronized RunKey newRun(ThreadKey thread, long turn, Strategy strategy) {
        var key = new RunKey(thread, turn, RunId.fresh());
        row(thread).runs.put(turn, new RunRow(key.id(), strategy));
        return key;
    }

    /** Removes the run's row, as the deletion of its thread does. */
    public synchronized void deleteRun(RunKey run) {
        row(run.thread()).runs.remove(run.turn());
    }

    /** The stored status of a run. */
    public synchronized RunStatus status(RunKey run) {
        return row(run.thread()).runs.get(run.turn()).status;
    }

    /** Drops the oldest events, as retention does. */
    public void forget(ThreadKey thread, long seq) {
        log.forget(thread, seq);
    }

    @Override
    public synchronized ThreadKey newThread() {
        var key = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
        threads.put(key.id(), new Row(key));
        return key;
    }

    @Override
    public synchronized RunKey admit(ThreadKey thread, Strategy strategy) {
        RunKey run = newRun(thread, row(thread).nextTurn++, strategy);
        put(thread, new InboxEntry.RunAdmitted(++lastEntry, run.id(), run.turn(), strategy));
        return run;
    }

    @Override
    public synchronized void askStop(RunKey run, StopCause cause) {
        put(run.thread(), new InboxEntry.StopAsked(++lastEntry, run.id(), cause));
    }

    @Override
    public void submitOutputs(RunKey run, String output) {
        bringOutputs(run, output);
    }

    /** The outputs of all calls that a paused run waits for, brought by its client; false when it waits for none. */
    public synchronized boolean bringOutputs(RunKey run, String output) {
        RunRow row = row(run.thread()).runs.get(run.turn());
        if (row.status != RunStatus.REQUIRES_ACTION || hasOutputsOf(run)) {
            return false;
        }
        put(run.thread(), new InboxEntry.OutputsSubmitted(++lastEntry, run.id(), row.answers(output)));
        return true;
    }

    /** Outputs that were decided before their run ended, and are written only after it. */
    public synchronized void bringOutputsLate(RunKey run) {
        put(run.thread(), new InboxEntry.OutputsSubmitted(++lastEntry, run.id(), List.of()));
    }

    private boolean hasOutputsOf(RunKey run) {
        return row(run.thread()).inbox.values().stream()
                .anyMatch(entry -> entry instanceof InboxEntry.OutputsSubmitted submitted
                        && submitted.run().equals(run.id()));
    }

    /** The runs that have not ended, by turn, logged or not. */
    public synchronized List<RunKey> active(ThreadKey thread) {
        return row(thread).runs.entrySet().stream()
                .filter(entry -> entry.getValue().status.isActive())
                .map(entry -> new RunKey(thread, entry.getKey(), entry.getValue().run))
                .toList();
    }

    /** Admits a run that stops the active ones and, to roll back, withdraws their turns: all in one transaction. */
    public synchronized Replacement admitInstead(ThreadKey thread, Strategy strategy) {
        List<RunKey> others = active(thread);
        others.forEach(run -> askStop(run, StopCause.LATER_RUN));
        if (strategy == Strategy.ROLLBACK && !others.isEmpty()) {
            withdraw(thread, others.toArray(RunKey[]::new));
        }
        return new Replacement(admit(thread, strategy), others);
    }

    /** The turns of these runs are withdrawn. */
    public synchronized void withdraw(ThreadKey thread, RunKey... runs) {
        List<Long> turns = Stream.of(runs).map(RunKey::turn).toList();
        put(thread, new InboxEntry.ThreadChanged(++lastEntry, new ThreadEvent.TurnsWithdrawn(turns)));
    }

    @Override
    public synchronized void deleteMessage(ThreadKey thread, ItemId message) {
        put(thread, new InboxEntry.ThreadChanged(++lastEntry, new ThreadEvent.ItemDeleted(message, Item.Kind.MESSAGE)));
    }

    @Override
    public synchronized ItemId addMessage(ThreadKey thread, String text) {
        var item = ItemId.fresh();
        long turn = row(thread).nextTurn++;
        put(thread, new InboxEntry.ItemAdded(++lastEntry, turn, item, Item.Message.of(Role.USER, text)));
        return item;
    }

    @Override
    public Mono<List<InboxEntry>> read(ThreadKey thread, long after, int limit) {
        return Mono.fromSupplier(() -> entries(thread, after, limit));
    }

    @Override
    public Mono<Void> discard(ThreadKey thread, long epoch, long entry) {
        return Mono.fromRunnable(() -> remove(thread, epoch, entry));
    }

    @Override
    public Mono<AppendOutcome> append(Append append) {
        return Mono.fromSupplier(() -> store(append));
    }

    @Override
    public Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit) {
        return log.readThread(thread, after, limit);
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

    private synchronized AppendOutcome store(Append append) {
        Row row = row(append.thread());
        long head = now(log.head(append.thread()));
        Optional<LoggedEvent> homeless =
                append.events().stream().filter(event -> !row.hasRunOf(event)).findFirst();
        if (append.firstSeq() == head + 1 && homeless.isPresent()) {
            return new AppendOutcome.Refused("There is no such run: " + homeless.get());
        }
        AppendOutcome outcome = now(log.append(append));
        if (outcome instanceof AppendOutcome.Stored && append.firstSeq() == head + 1) {
            append.consumedInbox().forEach(row.inbox::remove);
            append.events().forEach(row::apply);
        }
        return outcome;
    }

    /** The log in memory answers inside the call. */
    private static <T> T now(Mono<T> answer) {
        var value = new AtomicReference<T>();
        answer.subscribe(value::set);
        return value.get();
    }

    private synchronized List<InboxEntry> entries(ThreadKey thread, long after, int limit) {
        return row(thread).inbox.tailMap(after, false).values().stream()
                .limit(limit)
                .toList();
    }

    private synchronized void remove(ThreadKey thread, long epoch, long entry) {
        if (row(thread).epoch == epoch) {
            row(thread).inbox.remove(entry);
        }
    }

    private void put(ThreadKey thread, InboxEntry entry) {
        row(thread).inbox.put(entry.id(), entry);
    }

    private Row row(ThreadKey thread) {
        return threads.get(thread.id());
    }

    private synchronized Optional<OwnedThread> own(NodeId node, ThreadKey thread, boolean anew) {
        return Optional.ofNullable(row(thread))
                .filter(row -> row.isFreeFor(node))
                .map(row -> row.own(node, anew));
    }

    private synchronized List<ThreadKey> unattendedThreads(NodeId node) {
        return threads.values().stream()
                .filter(row -> !row.inbox.isEmpty() || row.isOrphan() || row.hasDueRun(node))
                .map(row -> row.key)
                .toList();
    }

    private synchronized List<ActiveRun> runsInLog(ThreadKey thread) {
        Row row = row(thread);
        return row.runs.entrySet().stream()
                .filter(entry ->
                        entry.getValue().logged && entry.getValue().status.isActive())
                .map(entry -> entry.getValue().asActive(entry.getKey()))
                .toList();
    }

    private final class Node implements Ownership {
        private final NodeId node;

        Node(NodeId node) {
            this.node = node;
        }

        @Override
        public Mono<OwnedThread> own(ThreadKey thread, boolean anew) {
            return Mono.defer(() -> Mono.justOrEmpty(InMemoryThreads.this.own(node, thread, anew)));
        }

        @Override
        public Mono<List<ActiveRun>> activeRuns(ThreadKey thread) {
            return Mono.fromSupplier(() -> runsInLog(thread));
        }

        @Override
        public Flux<ThreadKey> unattended() {
            return Flux.defer(() -> Flux.fromIterable(unattendedThreads(node)));
        }
    }

    private final class Row {
        private final ThreadKey key;
        private final TreeMap<Long, InboxEntry> inbox = new TreeMap<>();
        private final TreeMap<Long, RunRow> runs = new TreeMap<>();
        private Optional<NodeId> owner = Optional.empty();
        private long epoch;
        private long nextTurn = 1;

        Row(ThreadKey key) {
            this.key = key;
        }

        boolean isFreeFor(NodeId node) {
            return owner.isEmpty() || owner.get().equals(node) || dead.contains(owner.get());
        }

        boolean isOrphan() {
            return owner.isPresent()
                    && dead.contains(owner.get())
                    && runs.values().stream().anyMatch(RunRow::needsAnOwner);
        }

        boolean hasDueRun(NodeId node) {
            return isFreeFor(node) && runs.values().stream().anyMatch(run -> run.hasExpired(clock.instant()));
        }

        OwnedThread own(NodeId node, boolean anew) {
            boolean claims = anew || !owner.equals(Optional.of(node));
            if (claims) {
                owner = Optional.of(node);
                epoch++;
                log.claimed(key, epoch);
            }
            return new OwnedThread(node, epoch, claims, now(log.head(key)));
        }

        boolean hasRunOf(LoggedEvent event) {
            return !(event.event() instanceof ThreadEvent.OfRun ofRun)
                    || (runs.containsKey(event.turn())
                            && runs.get(event.turn()).run.equals(ofRun.run()));
        }

        void apply(LoggedEvent event) {
            if (event.event() instanceof ThreadEvent.OfRun ofRun) {
                runs.get(event.turn()).apply(event.seq(), ofRun);
            }
            if (event.endsRun()) {
                inbox.values().removeIf(entry -> isVoidAfter(event, entry));
            }
        }
    }

    private static boolean isVoidAfter(LoggedEvent end, InboxEntry entry) {
        return switch (entry) {
            case InboxEntry.StopAsked asked -> end.isOf(asked.run());
            case InboxEntry.OutputsSubmitted submitted -> end.isOf(submitted.run());
            case InboxEntry.RunAdmitted _, InboxEntry.ItemAdded _, InboxEntry.ThreadChanged _ -> false;
        };
    }
}
