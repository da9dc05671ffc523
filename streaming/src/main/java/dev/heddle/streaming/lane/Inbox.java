package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The only way to ask anything of a thread's owner. Entries are written in the transaction that decides them, under the
 * thread's lock, and leave in the append that makes them true.
 */
public interface Inbox {
    /** Entries with {@code id > after} in order, at most {@code limit}; an empty list when there are none. */
    Mono<List<InboxEntry>> read(ThreadKey thread, long after, int limit);

    /**
     * Removes an entry that has become void: a stop or outputs of a run that has ended. Only the thread's owner can tell;
     * one whose epoch is over removes nothing.
     */
    Mono<Void> discard(ThreadKey thread, long epoch, long entry);
}
