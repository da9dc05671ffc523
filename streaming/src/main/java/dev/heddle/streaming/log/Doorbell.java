package dev.heddle.streaming.log;

import dev.heddle.streaming.run.ThreadId;
import reactor.core.publisher.Flux;

/**
 * Tells followers that a thread has something new. A ring carries nothing else: it may repeat and may be merged with
 * others, but the last one is never lost.
 */
public interface Doorbell {
    /**
     * Rings of this thread from now on, the newest only when the subscriber is slower. The first one comes at
     * subscription, so that what was stored before is read at once. Never ends.
     */
    Flux<ThreadId> rings(ThreadId thread);

    /** Rings for every follower; never blocks. */
    void ring(ThreadId thread);
}
