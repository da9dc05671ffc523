package dev.heddle.persistence;

import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Everything that asks something of a thread: one transaction each, under the thread's row lock held through the
 * commit, so that the order of admission is one order for all instances. A refusal stores nothing. The thread's owner
 * must be woken afterwards.
 */
public interface Admission {
    /**
     * The same for one request that may be repeated. What it asks for is done once; a repetition gets what was made or
     * changed then, as it is now. A key that another request of the tenant has used is a {@code KeyReused} problem. A
     * refused request leaves its key free. What deletes takes no notice of the key.
     */
    Admission repeatable(RequestKey key);

    Mono<StoredThread> createThread(TenantId tenant, NewThread thread);

    /**
     * Creates the thread with its items and the run that adopts them, together or not at all. The thread is this
     * instance's own at once, which must take it over.
     */
    Mono<FirstRun> createThreadAndRun(TenantId tenant, NewThread thread, NewRun run);

    /** Adds the items, at least one, each with a turn of its own, in their order: all of them or none. */
    Mono<List<StoredItem>> addItems(ThreadKey thread, List<NewItem> items, WhileActive whileActive);

    /** Adds one. */
    default Mono<StoredItem> addMessage(ThreadKey thread, NewItem message, WhileActive whileActive) {
        return addItems(thread, List.of(message), whileActive).map(List::getFirst);
    }

    /** Gives the run its turn, decides its strategy against the active runs, and adopts the free message turns. */
    Mono<StoredRun> admit(ThreadKey thread, NewRun run);

    /**
     * As {@link #admit}, but behind an earlier run, wherever that has its turn. A parent that has not ended is a
     * {@code RunNotFinal} problem.
     */
    Mono<StoredRun> chain(Chain chain, NewRun run);

    /**
     * Brings the outputs that a paused run waits for, which lets it go on. They must answer exactly the calls it waits
     * for, else {@code WrongOutputs}; of two submissions at once, the second finds {@code NotAwaitingOutputs}. The answer
     * still tells what was required, so that its run can be followed from there.
     */
    Mono<StoredRun> submitOutputs(ThreadKey thread, RunId run, List<Item.FunctionCallOutput> outputs);

    /** Asks the run's owner to stop it; a run that has ended, or was asked before, is a {@code NotStoppable} problem. */
    Mono<StoredRun> stop(ThreadKey thread, RunId run, StopCause cause);

    /** Takes a run that has not started out of the queue, and its turn out of the thread; else {@code NotQueued}. */
    Mono<Void> withdraw(ThreadKey thread, RunId run);

    /** Takes a message out of every list and later context; one that is still being written is refused. */
    Mono<Void> deleteMessage(ThreadKey thread, ItemId message);

    /** As {@link #deleteMessage}, for an item of any kind; one that a run has produced is refused until that has ended. */
    Mono<Void> deleteItem(ThreadKey thread, ItemId item);

    /** Asks the run to stop if it is active. From then on nobody finds it by its id alone; its items stay. */
    Mono<Void> forget(ThreadKey thread, RunId run);

    /** Creates a thread that begins with copies of another one's settled turns. */
    Mono<StoredThread> fork(ThreadKey from, NewThread into);

    /** Adds copies of a thread's settled turns, in their order, at the end of another one. */
    Mono<StoredThread> importTurns(ThreadKey from, ThreadKey into);

    /** Hides the thread and asks its active runs to stop. */
    Mono<Void> deleteThread(ThreadKey thread);
}
