package dev.heddle.gateway.protocol.streams;

import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * One thread on one socket: a cursor, and how many events more its client will take. It has a turn whenever it has credit
 * and there may be something new; between two turns it holds no event. Whoever is told that a turn is due sees to it.
 */
final class Subscription {
    /** So that none keeps the others of its socket waiting. */
    private static final int EVENTS_PER_TURN = 64;

    private final ThreadKey thread;
    private final String threadId;
    private final Disposable.Swap bell = Disposables.swap();
    private long after;
    private int credit;
    private boolean rung;
    private boolean due;
    private boolean closed;

    Subscription(ThreadKey thread, SocketMessage.Subscribe message) {
        this.thread = thread;
        this.threadId = message.threadId();
        this.after = message.after();
        this.credit = message.credit();
    }

    ThreadKey thread() {
        return thread;
    }

    /** As its client spells it. */
    String threadId() {
        return threadId;
    }

    synchronized long after() {
        return after;
    }

    synchronized int credit() {
        return credit;
    }

    /** Listens until it is closed. */
    void listen(Disposable toBell) {
        bell.update(toBell);
    }

    /** The client takes more; answers whether a turn is due. */
    synchronized boolean grant(int more) {
        credit += more;
        return isDue();
    }

    /** There may be something new; answers whether a turn is due. */
    synchronized boolean ring() {
        rung = true;
        return isDue();
    }

    /** Begins a turn: how many events it may have. */
    synchronized int begin() {
        rung = false;
        return closed ? 0 : Math.min(credit, EVENTS_PER_TURN);
    }

    /** These are being sent. There may be more behind them. */
    synchronized void take(List<Followed> page) {
        credit -= page.size();
        if (!page.isEmpty()) {
            after = ThreadFeed.seqOf(page.getLast());
            rung = true;
        }
    }

    /** Ends a turn; answers whether the next one is due. */
    synchronized boolean end() {
        due = false;
        return isDue();
    }

    /** No turn comes after this one. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        bell.dispose();
    }

    private boolean isDue() {
        if (due || closed || !rung || credit == 0) {
            return false;
        }
        due = true;
        return true;
    }
}
