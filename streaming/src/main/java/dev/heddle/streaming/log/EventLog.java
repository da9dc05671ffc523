package dev.heddle.streaming.log;

import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The append-only log of every thread. An append that came back as {@link AppendOutcome.Stored} is durable, and every
 * read that begins afterwards, on any instance, sees it. Pages are whole lists, so that a slow reader holds no
 * connection.
 */
public interface EventLog {
    /**
     * Stores the events and the rows they change in one transaction. Trouble with the connection is retried inside, for
     * as long as it takes; cancelling does not take an append back.
     */
    Mono<AppendOutcome> append(Append append);

    /** The thread's events with {@code seq > after} in order, at most {@code limit}; an empty list at the end. */
    Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit);

    /** The turn's events with {@code runSeq > after} in order, at most {@code limit}; an empty list at the end. */
    Mono<List<LoggedEvent>> readTurn(ThreadKey thread, long turn, long after, int limit);

    /** What {@link #readThread} would read, where that is at hand without asking anybody; mostly so for who keeps up. */
    default @Nullable List<LoggedEvent> atHandOfThread(ThreadKey thread, long after, int limit) {
        return null;
    }

    /** What {@link #readTurn} would read, where that is at hand without asking anybody; mostly so for who keeps up. */
    default @Nullable List<LoggedEvent> atHandOfTurn(ThreadKey thread, long turn, long after, int limit) {
        return null;
    }

    /** The first turn after {@code turn} that has events; empty when there is none yet. */
    Mono<Long> turnAfter(ThreadKey thread, long turn);

    /** The number of the newest event, 0 for an empty log. */
    Mono<Long> head(ThreadKey thread);
}
