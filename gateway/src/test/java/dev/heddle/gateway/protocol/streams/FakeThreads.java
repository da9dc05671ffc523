package dev.heddle.gateway.protocol.streams;

import dev.heddle.persistence.ListedThread;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.ThreadChange;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** Threads that are there or not. */
final class FakeThreads implements Threads {
    private final Set<ThreadKey> all = ConcurrentHashMap.newKeySet();

    ThreadKey add(ThreadKey thread) {
        all.add(thread);
        return thread;
    }

    @Override
    public Mono<StoredThread> find(ThreadKey thread) {
        return Mono.fromSupplier(() -> get(thread));
    }

    private StoredThread get(ThreadKey thread) {
        if (!all.contains(thread)) {
            throw new ProblemException(new Problem.ThreadNotFound(thread.id()));
        }
        return new StoredThread(thread, Rig.AT, Optional.empty(), Map.of());
    }

    @Override
    public Threads repeatable(RequestKey key) {
        throw new UnsupportedOperationException("Streams ask for none of this");
    }

    @Override
    public Mono<Page<ListedThread>> list(TenantId tenant, ThreadFilter filter, PageRequest<ThreadId> request) {
        throw new UnsupportedOperationException("Streams ask for none of this");
    }

    @Override
    public Mono<Void> hold(ThreadKey thread, Duration atLeast) {
        throw new UnsupportedOperationException("Streams ask for none of this");
    }

    @Override
    public Mono<StoredThread> change(ThreadKey thread, ThreadChange change) {
        throw new UnsupportedOperationException("Streams ask for none of this");
    }
}
