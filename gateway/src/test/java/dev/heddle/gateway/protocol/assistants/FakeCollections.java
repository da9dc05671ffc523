package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.Assistant;
import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.Assistants;
import dev.heddle.persistence.CallPairs;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.ListedThread;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.ThreadChange;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.ThreadStatus;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** The collections over a {@link FakeStore}. */
final class FakeCollections {
    private FakeCollections() {}

    static <T, I> Page<T> page(
            List<T> ascending, PageRequest<I> request, Function<T, I> id, Function<I, Problem> unknown) {
        return Pages.of(ascending, request, id, cursor -> new ProblemException(unknown.apply(cursor)));
    }

    record OfAssistants(FakeStore store) implements Assistants {
        @Override
        public Assistants repeatable(RequestKey key) {
            throw new UnsupportedOperationException("Only a database knows keys");
        }

        @Override
        public Mono<Assistant> create(TenantId tenant, AssistantSpec spec) {
            return Mono.fromSupplier(() -> put(new Assistant(AssistantId.fresh(), 1, store.now(), spec)));
        }

        @Override
        public Mono<Assistant> find(TenantId tenant, AssistantId assistant) {
            return Mono.fromSupplier(() -> get(assistant));
        }

        @Override
        public Mono<Page<Assistant>> list(TenantId tenant, PageRequest<AssistantId> request) {
            return Mono.fromSupplier(() -> page(
                    List.copyOf(store.assistants.values()), request, Assistant::id, Problem.AssistantNotFound::new));
        }

        @Override
        public Mono<Assistant> change(TenantId tenant, AssistantId assistant, UnaryOperator<AssistantSpec> change) {
            return find(tenant, assistant)
                    .map(old ->
                            put(new Assistant(old.id(), old.version() + 1, old.createdAt(), change.apply(old.spec()))));
        }

        @Override
        public Mono<Void> delete(TenantId tenant, AssistantId assistant) {
            return find(tenant, assistant)
                    .doOnNext(found -> store.assistants.remove(found.id().value()))
                    .then();
        }

        private Assistant put(Assistant assistant) {
            store.assistants.put(assistant.id().value(), assistant);
            return assistant;
        }

        private Assistant get(AssistantId id) {
            return Optional.ofNullable(store.assistants.get(id.value()))
                    .orElseThrow(() -> new ProblemException(new Problem.AssistantNotFound(id)));
        }
    }

    record OfThreads(FakeStore store) implements Threads {
        @Override
        public Mono<Void> hold(ThreadKey thread, Duration atLeast) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Threads repeatable(RequestKey key) {
            throw new UnsupportedOperationException("Only a database knows keys");
        }

        @Override
        public Mono<StoredThread> find(ThreadKey thread) {
            return Mono.fromSupplier(() -> store.thread(thread));
        }

        @Override
        public Mono<Page<ListedThread>> list(TenantId tenant, ThreadFilter filter, PageRequest<ThreadId> request) {
            return Mono.fromSupplier(() -> page(
                    store.threads.values().stream()
                            .filter(thread -> thread.key().tenant().equals(tenant))
                            .map(this::listed)
                            .filter(listed -> isWanted(filter, listed))
                            .toList(),
                    request,
                    listed -> listed.thread().key().id(),
                    Problem.ThreadNotFound::new));
        }

        private ListedThread listed(StoredThread thread) {
            boolean active = store.activeRuns(thread.key()).findAny().isPresent();
            return new ListedThread(thread, active ? ThreadStatus.ACTIVE : ThreadStatus.IDLE);
        }

        private static boolean isWanted(ThreadFilter filter, ListedThread listed) {
            return listed.thread()
                            .metadata()
                            .entrySet()
                            .containsAll(filter.metadata().entrySet())
                    && filter.status().map(listed.status()::equals).orElse(true);
        }

        @Override
        public Mono<StoredThread> change(ThreadKey thread, ThreadChange change) {
            return find(thread)
                    .map(old -> new StoredThread(
                            thread,
                            old.createdAt(),
                            change.strategy().map(ThreadChange.Default::value).orElse(old.strategy()),
                            change.metadata().orElse(old.metadata())))
                    .doOnNext(changed -> store.threads.put(thread, changed));
        }
    }

    record OfRuns(FakeStore store) implements Runs {
        @Override
        public Mono<StoredRun> find(TenantId tenant, RunId run) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Runs repeatable(RequestKey key) {
            throw new UnsupportedOperationException("Only a database knows keys");
        }

        @Override
        public Mono<StoredRun> madeBy(TenantId tenant, RequestKey key) {
            throw new UnsupportedOperationException("Only a database knows keys");
        }

        @Override
        public Mono<StoredRun> find(ThreadKey thread, RunId run) {
            return Mono.fromSupplier(() -> store.run(thread, run));
        }

        @Override
        public Mono<List<StoredRun>> active(ThreadKey thread) {
            return Mono.fromSupplier(() -> store.activeRuns(thread).toList());
        }

        @Override
        public Mono<Page<StoredRun>> list(ThreadKey thread, PageRequest<RunId> request) {
            return Mono.fromSupplier(() -> page(
                    store.runs.values().stream()
                            .filter(run -> run.key().thread().equals(thread))
                            .toList(),
                    request,
                    run -> run.key().id(),
                    Problem.RunNotFound::new));
        }

        @Override
        public Mono<StoredRun> replaceMetadata(ThreadKey thread, RunId run, Map<String, Object> metadata) {
            return find(thread, run)
                    .map(old -> new StoredRun(
                            old.key(),
                            old.status(),
                            old.strategy(),
                            old.spec(),
                            metadata,
                            old.createdAt(),
                            old.expiresAt(),
                            old.startedAt(),
                            old.endedAt(),
                            old.usage(),
                            old.failure(),
                            old.incomplete(),
                            old.requiredAction()))
                    .doOnNext(changed -> store.runs.put(run, changed));
        }
    }

    record OfItems(FakeStore store) implements Items {
        @Override
        public Mono<List<StoredItem>> madeBy(ThreadKey thread, RequestKey key) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Mono<Page<StoredItem>> all(ThreadKey thread, PageRequest<ItemId> request) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Mono<Page<StoredItem>> inputs(RunKey run, PageRequest<ItemId> request) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Mono<List<StoredItem>> findAll(TenantId tenant, List<ItemId> items) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Mono<List<StoredItem>> history(ThreadKey thread, long turn) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Mono<List<StoredItem>> history(RunKey parent) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Mono<CallPairs> calls(RunKey parent) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Mono<CallPairs> calls(ThreadKey thread, long turn) {
            throw new UnsupportedOperationException("The Assistants API asks for none of this");
        }

        @Override
        public Items repeatable(RequestKey key) {
            throw new UnsupportedOperationException("Only a database knows keys");
        }

        @Override
        public Mono<StoredItem> find(ThreadKey thread, ItemId item) {
            return Mono.fromSupplier(() -> store.item(thread, item));
        }

        @Override
        public Mono<Page<StoredItem>> messages(
                ThreadKey thread, Optional<RunId> producedBy, PageRequest<ItemId> request) {
            return Mono.fromSupplier(() -> page(
                    store.itemsOf(thread).stream()
                            .filter(item -> item.item() instanceof Item.Message)
                            .filter(item -> producedBy.isEmpty() || madeBy(item).equals(producedBy))
                            .toList(),
                    request,
                    StoredItem::id,
                    Problem.ItemNotFound::new));
        }

        @Override
        public Mono<List<StoredItem>> outputs(RunKey run) {
            return Mono.fromSupplier(() -> store.itemsOf(run.thread()).stream()
                    .filter(item -> madeBy(item).equals(Optional.of(run.id())))
                    .toList());
        }

        @Override
        public Mono<StoredItem> replaceMetadata(ThreadKey thread, ItemId item, Map<String, Object> metadata) {
            return find(thread, item)
                    .map(old -> new StoredItem(
                            old.id(),
                            old.thread(),
                            old.position(),
                            old.output(),
                            old.status(),
                            old.item(),
                            old.createdAt(),
                            old.endedAt(),
                            metadata))
                    .doOnNext(changed -> store.items.put(item, changed));
        }

        @Override
        public Mono<RunContext> context(RunKey run, long startedSeq) {
            return Mono.error(new UnsupportedOperationException("No facade asks for it"));
        }

        private static Optional<RunId> madeBy(StoredItem item) {
            return item.output().map(StoredItem.Output::run);
        }
    }
}
