package dev.heddle.persistence;

import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The runs of a thread. A run under another thread or tenant is a {@code RunNotFound} problem. */
public interface Runs {
    Mono<StoredRun> find(ThreadKey thread, RunId run);

    /** Those that have not ended, by turn. */
    Mono<List<StoredRun>> active(ThreadKey thread);

    /** By turn. A cursor that names no run of the thread is a {@code RunNotFound} problem. */
    Mono<Page<StoredRun>> list(ThreadKey thread, PageRequest<RunId> request);

    /** Replaces the metadata as a whole; the run's state is its owner's alone. */
    Mono<StoredRun> replaceMetadata(ThreadKey thread, RunId run, Map<String, Object> metadata);
}
