package dev.heddle.persistence.postgres;

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
import reactor.core.publisher.Mono;

/** {@link PostgresThreads}, changed over a database that claims the request's key. */
record RepeatableThreads(PostgresThreads threads, Once once) implements Threads {
    @Override
    public Threads repeatable(RequestKey key) {
        return threads.repeatable(key);
    }

    @Override
    public Mono<StoredThread> change(ThreadKey thread, ThreadChange change) {
        return once.make(
                thread.tenant(),
                database -> new PostgresThreads(database).change(thread, change),
                _ -> threads.find(thread));
    }

    @Override
    public Mono<Void> hold(ThreadKey thread, Duration atLeast) {
        return threads.hold(thread, atLeast);
    }

    @Override
    public Mono<StoredThread> find(ThreadKey thread) {
        return threads.find(thread);
    }

    @Override
    public Mono<Page<ListedThread>> list(TenantId tenant, ThreadFilter filter, PageRequest<ThreadId> request) {
        return threads.list(tenant, filter, request);
    }
}
