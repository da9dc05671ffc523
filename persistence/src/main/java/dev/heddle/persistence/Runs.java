package dev.heddle.persistence;

import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The runs of a thread. A run under another thread or tenant is a {@code RunNotFound} problem. */
public interface Runs {
    /** The same for one request that may be repeated, as {@link Admission#repeatable}. */
    Runs repeatable(RequestKey key);

    /**
     * The run that a request with this key has admitted or changed, as it is now; empty when no request has used it. For
     * what must not be looked at again before a repetition is answered.
     */
    Mono<StoredRun> madeBy(TenantId tenant, RequestKey key);

    Mono<StoredRun> find(ThreadKey thread, RunId run);

    /** The run of this id, whatever its thread; a {@code RunNotFound} problem too when it is not kept that way. */
    Mono<StoredRun> find(TenantId tenant, RunId run);

    /** Those that have not ended, by turn. */
    Mono<List<StoredRun>> active(ThreadKey thread);

    /** By turn. A cursor that names no run of the thread is a {@code RunNotFound} problem. */
    Mono<Page<StoredRun>> list(ThreadKey thread, PageRequest<RunId> request);

    /** Replaces the metadata as a whole; the run's state is its owner's alone. */
    Mono<StoredRun> replaceMetadata(ThreadKey thread, RunId run, Map<String, Object> metadata);
}
