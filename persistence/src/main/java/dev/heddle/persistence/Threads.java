package dev.heddle.persistence;

import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** The threads of each tenant. What is not there, or was deleted, is a {@code ThreadNotFound} problem. */
public interface Threads {
    /** The same for one request that may be repeated, as {@link Admission#repeatable}. */
    Threads repeatable(RequestKey key);

    Mono<StoredThread> find(ThreadKey thread);

    /** By creation. A cursor may name a thread that was deleted since; one that names none is a problem. */
    Mono<Page<ListedThread>> list(TenantId tenant, ThreadFilter filter, PageRequest<ThreadId> request);

    /** A short-lived thread is not discarded before that; one that stays is left as it is. */
    Mono<Void> hold(ThreadKey thread, Duration atLeast);

    /** Changes all of it at once; answers with the thread as it is then. */
    Mono<StoredThread> change(ThreadKey thread, ThreadChange change);
}
