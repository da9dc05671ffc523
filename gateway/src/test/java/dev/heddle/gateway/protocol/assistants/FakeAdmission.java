package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Chain;
import dev.heddle.persistence.FirstRun;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Admission into a {@link FakeStore}. Fails as a whole when told to. */
final class FakeAdmission implements Admission {
    private static final EnumSet<RunStatus> STOPPABLE =
            EnumSet.of(RunStatus.QUEUED, RunStatus.IN_PROGRESS, RunStatus.REQUIRES_ACTION);

    private final FakeStore store;
    private boolean broken;

    FakeAdmission(FakeStore store) {
        this.store = store;
    }

    /** From now on nothing can be stored, for a reason nobody foresaw. */
    void breaks() {
        broken = true;
    }

    @Override
    public Admission repeatable(RequestKey key) {
        throw new UnsupportedOperationException("Only a database knows keys");
    }

    @Override
    public Mono<StoredThread> createThread(TenantId tenant, NewThread thread) {
        return Mono.fromSupplier(() -> create(new ThreadKey(tenant, thread.id()), thread));
    }

    @Override
    public Mono<FirstRun> createThreadAndRun(TenantId tenant, NewThread thread, NewRun run) {
        return createThread(tenant, thread)
                .map(created -> store.addRun(created.key(), run))
                .map(FirstRun::found);
    }

    @Override
    public Mono<List<StoredItem>> addItems(ThreadKey thread, List<NewItem> items, WhileActive whileActive) {
        return add(thread, items.getFirst(), whileActive).map(List::of);
    }

    @Override
    public Mono<StoredRun> chain(Chain chain, NewRun run) {
        throw new UnsupportedOperationException("The Assistants API asks for none of this");
    }

    @Override
    public Mono<Void> deleteItem(ThreadKey thread, ItemId item) {
        throw new UnsupportedOperationException("The Assistants API asks for none of this");
    }

    @Override
    public Mono<Void> forget(ThreadKey thread, RunId run) {
        throw new UnsupportedOperationException("The Assistants API asks for none of this");
    }

    private Mono<StoredItem> add(ThreadKey thread, NewItem message, WhileActive whileActive) {
        return Mono.fromSupplier(() -> {
            store.thread(thread);
            if (whileActive == WhileActive.REJECT) {
                store.activeRuns(thread).findFirst().ifPresent(run -> {
                    throw new ProblemException(new Problem.MessageWhileActive(
                            thread.id(), run.key().id()));
                });
            }
            return store.addMessage(thread, message);
        });
    }

    @Override
    public Mono<StoredRun> admit(ThreadKey thread, NewRun run) {
        return Mono.fromSupplier(() -> {
            if (broken) {
                throw new IllegalStateException("The disk is full");
            }
            var strategy = run.strategy().with(store.thread(thread).strategy());
            store.activeRuns(thread)
                    .filter(_ -> !strategy.admits(1))
                    .findFirst()
                    .ifPresent(active -> {
                        throw new ProblemException(
                                new Problem.ThreadBusy(thread.id(), active.key().id()));
                    });
            return store.addRun(thread, run);
        });
    }

    @Override
    public Mono<StoredRun> stop(ThreadKey thread, RunId run, StopCause cause) {
        return Mono.fromSupplier(() -> {
            var found = store.run(thread, run);
            if (!STOPPABLE.contains(found.status())) {
                throw new ProblemException(new Problem.NotStoppable(run, found.status()));
            }
            store.emit(found.key(), new RunEvent.StopRequested(cause));
            return store.run(thread, run);
        });
    }

    /** The outputs are in the log at once; what the run then does is up to the test. */
    @Override
    public Mono<StoredRun> submitOutputs(ThreadKey thread, RunId run, List<Item.FunctionCallOutput> outputs) {
        return Mono.fromSupplier(() -> {
            var found = store.run(thread, run);
            var action = found.requiredAction()
                    .orElseThrow(() -> new ProblemException(new Problem.NotAwaitingOutputs(run, found.status())));
            var expected = action.calls().stream().map(Item.FunctionCall::call).toList();
            var got = outputs.stream().map(Item.FunctionCallOutput::call).toList();
            if (got.size() != expected.size() || !Set.copyOf(got).equals(Set.copyOf(expected))) {
                throw new ProblemException(new Problem.WrongOutputs(run, expected, got));
            }
            outputs.forEach(output -> store.emit(found.key(), ToolLives.answered(store.nextIndex(run), output)));
            store.emit(found.key(), new RunEvent.OutputsSubmitted());
            return store.run(thread, run).thatRequired(action);
        });
    }

    @Override
    public Mono<Void> withdraw(ThreadKey thread, RunId run) {
        return Mono.fromRunnable(() -> {
            var found = store.run(thread, run);
            if (found.status() != RunStatus.QUEUED || found.startedAt().isPresent()) {
                throw new ProblemException(new Problem.NotQueued(run, found.status()));
            }
            store.runs.remove(run);
        });
    }

    @Override
    public Mono<Void> deleteMessage(ThreadKey thread, ItemId message) {
        return Mono.fromRunnable(() -> {
            var found = store.item(thread, message);
            if (!(found.item() instanceof Item.Message)) {
                throw new ProblemException(new Problem.ItemNotFound(message));
            }
            if (found.status() == ItemStatus.IN_PROGRESS) {
                throw new ProblemException(new Problem.ItemInProgress(message));
            }
            store.items.remove(message);
        });
    }

    @Override
    public Mono<StoredThread> fork(ThreadKey from, NewThread into) {
        return Mono.fromSupplier(() -> {
            store.thread(from);
            var key = new ThreadKey(from.tenant(), into.id());
            create(key, into);
            return copy(from, key);
        });
    }

    @Override
    public Mono<StoredThread> importTurns(ThreadKey from, ThreadKey into) {
        return Mono.fromSupplier(() -> copy(from, into));
    }

    /** Of messages of clients only. */
    private StoredThread copy(ThreadKey from, ThreadKey into) {
        store.thread(from);
        var copied = store.thread(into);
        store.itemsOf(from)
                .forEach(item -> store.addMessage(into, new NewItem((Item.Message) item.item(), item.metadata())));
        return copied;
    }

    @Override
    public Mono<Void> deleteThread(ThreadKey thread) {
        return Mono.fromRunnable(() -> store.threads.remove(store.thread(thread).key()));
    }

    private StoredThread create(ThreadKey key, NewThread thread) {
        var stored = new StoredThread(key, store.now(), thread.strategy(), thread.metadata());
        store.threads.put(key, stored);
        thread.items().forEach(message -> store.addMessage(key, message));
        return stored;
    }
}
