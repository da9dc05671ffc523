package dev.heddle.persistence;

import dev.heddle.streaming.run.ThreadKey;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The threads of each tenant. What is not there, or was deleted, is a {@code ThreadNotFound} problem. */
public interface Threads {
    Mono<StoredThread> find(ThreadKey thread);

    /** Replaces the metadata as a whole. */
    Mono<StoredThread> replaceMetadata(ThreadKey thread, Map<String, Object> metadata);
}
