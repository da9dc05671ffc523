package dev.heddle.persistence;

import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import reactor.core.publisher.Mono;

/**
 * Everything that asks something of a thread: one transaction each, under the thread's row lock held through the
 * commit, so that the order of admission is one order for all instances. A refusal stores nothing. The thread's owner
 * must be woken afterwards.
 */
public interface Admission {
    Mono<StoredThread> createThread(TenantId tenant, NewThread thread);

    /** Creates the thread with its messages and the run that adopts them, together or not at all. */
    Mono<StoredRun> createThreadAndRun(TenantId tenant, NewThread thread, NewRun run);

    Mono<StoredItem> addMessage(ThreadKey thread, NewMessage message, WhileActive whileActive);

    /** Gives the run its turn, decides its strategy against the active runs, and adopts the free message turns. */
    Mono<StoredRun> admit(ThreadKey thread, NewRun run);

    /** Asks the run's owner to stop it; a run that has ended, or was asked before, is a {@code NotStoppable} problem. */
    Mono<StoredRun> stop(ThreadKey thread, RunId run, StopCause cause);

    /** Hides the thread and asks its active runs to stop. */
    Mono<Void> deleteThread(ThreadKey thread);
}
