package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.Assistant;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.InMemoryEventLog;
import dev.heddle.streaming.log.InProcessDoorbell;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What is kept, for tests of the facade: maps, and a log whose appends change them. The test says what runs do. */
final class FakeStore {
    final InMemoryEventLog log = new InMemoryEventLog();
    final InProcessDoorbell doorbell = new InProcessDoorbell();
    final Map<UUID, Assistant> assistants = new LinkedHashMap<>();
    final Map<ThreadKey, StoredThread> threads = new LinkedHashMap<>();
    final Map<RunId, StoredRun> runs = new LinkedHashMap<>();
    final Map<ItemId, StoredItem> items = new LinkedHashMap<>();
    private final Map<RunId, Long> nextRunSeq = new HashMap<>();
    private final Map<ThreadKey, Long> nextTurn = new HashMap<>();
    private final Map<ThreadKey, Long> heads = new HashMap<>();
    private Consumer<RunKey> onAdmission = _ -> {};
    private Instant now = Sample.CREATED;

    /** Each time later than the one before. */
    synchronized Instant now() {
        now = now.plusMillis(250);
        return now;
    }

    /** Logs what a run does, and lets the rows and the readers know. */
    synchronized void emit(RunKey run, RunEvent... events) {
        for (RunEvent event : events) {
            long runSeq = nextRunSeq.merge(run.id(), 1L, Long::sum) - 1;
            var ofRun = new ThreadEvent.OfRun(run.id(), runSeq, event);
            var logged = log(run.thread(), run.turn(), ofRun);
            runs.computeIfPresent(run.id(), (_, stored) -> RunFold.after(stored, ofRun, logged.at()));
            change(run, event, logged.at());
        }
    }

    /** What happens as soon as a run was admitted. */
    void onAdmission(Consumer<RunKey> next) {
        onAdmission = next;
    }

    LoggedEvent logged(ThreadKey thread, long seq) {
        return log.readThread(thread, seq - 1, 1).block().getFirst();
    }

    /** The output index behind everything a run has produced. */
    synchronized int nextIndex(RunId run) {
        return (int) items.values().stream()
                .flatMap(item -> item.output().stream())
                .filter(output -> output.run().equals(run))
                .count();
    }

    /** The only run there is. */
    synchronized RunKey onlyRun() {
        return runs.values().iterator().next().key();
    }

    synchronized StoredThread thread(ThreadKey thread) {
        return Optional.ofNullable(threads.get(thread))
                .orElseThrow(() -> new ProblemException(new Problem.ThreadNotFound(thread.id())));
    }

    synchronized StoredRun run(ThreadKey thread, RunId run) {
        return Optional.ofNullable(runs.get(run))
                .filter(found -> found.key().thread().equals(thread))
                .orElseThrow(() -> new ProblemException(new Problem.RunNotFound(run)));
    }

    synchronized StoredItem item(ThreadKey thread, ItemId item) {
        return Optional.ofNullable(items.get(item))
                .filter(found -> threads.containsKey(thread) && found.thread().equals(thread.id()))
                .orElseThrow(() -> new ProblemException(new Problem.ItemNotFound(item)));
    }

    synchronized List<StoredItem> itemsOf(ThreadKey thread) {
        return items.values().stream()
                .filter(item -> item.thread().equals(thread.id()))
                .sorted(Comparator.comparing(StoredItem::position))
                .toList();
    }

    Stream<StoredRun> activeRuns(ThreadKey thread) {
        return runs.values().stream()
                .filter(run -> run.key().thread().equals(thread) && run.status().isActive());
    }

    synchronized StoredItem addMessage(ThreadKey thread, NewItem message) {
        long turn = turn(thread);
        var item = input(thread, new Position(turn, 0), message);
        log(thread, turn, new ThreadEvent.ItemAdded(item.id(), message.item()));
        return item;
    }

    synchronized StoredRun addRun(ThreadKey thread, NewRun run) {
        var key = new RunKey(thread, turn(thread), run.id());
        for (NewItem message : run.inputs()) {
            input(thread, new Position(key.turn(), run.inputs().indexOf(message)), message);
        }
        var stored = new StoredRun(
                key,
                Sample.run().status(),
                run.strategy().with(thread(thread).strategy()),
                run.spec(),
                run.metadata(),
                now(),
                now,
                Optional.empty(),
                Optional.empty(),
                Sample.run().usage(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        runs.put(run.id(), RunFold.admitted(stored, Sample.EXPIRY));
        emit(key, new RunEvent.Admitted());
        var answer = runs.get(run.id());
        onAdmission.accept(key);
        return answer;
    }

    private long turn(ThreadKey thread) {
        return nextTurn.merge(thread, 1L, Long::sum);
    }

    private LoggedEvent log(ThreadKey thread, long turn, ThreadEvent event) {
        var logged = new LoggedEvent(heads.merge(thread, 1L, Long::sum), turn, now(), event);
        log.append(new Append(thread, 1, UUID.randomUUID(), List.of(logged), List.of()))
                .block();
        doorbell.ring(thread.id());
        return logged;
    }

    private StoredItem input(ThreadKey thread, Position position, NewItem message) {
        var item = new StoredItem(
                ItemId.fresh(),
                thread.id(),
                position,
                Optional.empty(),
                ItemStatus.COMPLETED,
                message.item(),
                now(),
                Optional.of(now),
                message.metadata());
        items.put(item.id(), item);
        return item;
    }

    private void change(RunKey run, RunEvent event, Instant at) {
        if (event instanceof RunEvent.ItemOpened opened) {
            items.put(opened.item(), ItemFold.opened(runs.get(run.id()), opened, at));
        }
        if (event instanceof RunEvent.ItemClosed closed) {
            items.computeIfPresent(closed.item(), (_, item) -> ItemFold.closed(item, closed, at));
        }
    }
}
