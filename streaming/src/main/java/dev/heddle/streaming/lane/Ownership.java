package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sees to it that a thread has one owner at a time. A later owner has a higher epoch. */
public interface Ownership {
    /**
     * Makes this instance the thread's owner when it has none or a dead one. Empty when a living instance owns the
     * thread, or the thread does not exist. With {@code anew} a thread that is owned already is claimed once more, which
     * fences whatever this instance itself may still have on its way.
     */
    Mono<OwnedThread> own(ThreadKey thread, boolean anew);

    /** The active runs that the thread's log knows of, by turn. */
    Mono<List<ActiveRun>> activeRuns(ThreadKey thread);

    /**
     * Threads that wait for an owner's attention: inbox entries unread for a while, active runs of a dead owner but for
     * those that wait for their client, and runs whose time ran out while they did.
     */
    Flux<ThreadKey> unattended();
}
