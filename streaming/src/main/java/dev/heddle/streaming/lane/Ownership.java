package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadKey;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sees to it that a thread has one owner at a time. A later owner has a higher epoch. */
public interface Ownership {
    /**
     * Makes this instance the thread's owner when it has none or a dead one, and tells what the owner must know. Empty
     * when a living instance owns the thread, or the thread does not exist.
     */
    Mono<OwnedThread> own(ThreadKey thread);

    /** Threads that wait for an owner's attention: inbox entries unread for a while, or active runs of a dead owner. */
    Flux<ThreadKey> unattended();
}
