package dev.heddle.gateway.protocol.responses;

import dev.heddle.persistence.ListedThread;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.ThreadChange;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;

/** Threads of which nothing is asked but to be kept. */
final class HeldThreads implements Threads {
    /** Once for each time. */
    final List<ThreadKey> held = new CopyOnWriteArrayList<>();

    @Override
    public Mono<Void> hold(ThreadKey thread, Duration atLeast) {
        return Mono.fromRunnable(() -> held.add(thread));
    }

    @Override
    public Mono<StoredThread> find(ThreadKey thread) {
        throw new UnsupportedOperationException("Sockets ask for none of this");
    }

    @Override
    public Threads repeatable(RequestKey key) {
        throw new UnsupportedOperationException("Sockets ask for none of this");
    }

    @Override
    public Mono<Page<ListedThread>> list(TenantId tenant, ThreadFilter filter, PageRequest<ThreadId> request) {
        throw new UnsupportedOperationException("Sockets ask for none of this");
    }

    @Override
    public Mono<StoredThread> change(ThreadKey thread, ThreadChange change) {
        throw new UnsupportedOperationException("Sockets ask for none of this");
    }
}
