package dev.heddle.streaming.log;

import dev.heddle.streaming.run.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of one thread: a gapless piece of its log that always reaches to the head, and of a log that was
 * empty when this began, to its beginning, too, until events are dropped.
 */
final class Tail {
    private static final int BYTES_PER_EVENT = 160;

    private final int maxBytes;
    private final List<LoggedEvent> events = new ArrayList<>();
    private int start;
    private int bytes;
    private long head;
    private long lastUsed;
    private boolean closed;
    private boolean fresh;

    Tail(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Of a log in which nothing stands yet. */
    static Tail ofEmptyLog(int maxBytes, long tick) {
        var tail = new Tail(maxBytes);
        tail.fresh = true;
        tail.lastUsed = tick;
        return tail;
    }

    /** Adds events at the end and drops the oldest ones beyond the bound; answers by how many bytes it grew. */
    synchronized int add(List<LoggedEvent> added, long tick) {
        if (closed) {
            return 0;
        }
        int before = bytes;
        lastUsed = tick;
        if (added.getFirst().seq() > head + 1) {
            clear(); // Others have appended in between: what is here no longer reaches to the head.
        }
        for (LoggedEvent event : added) {
            if (event.seq() > head) {
                add(event);
            }
        }
        trim();
        return bytes - before;
    }

    /** Events with {@code seq > after}; null when some of them are no longer here. */
    synchronized @Nullable List<LoggedEvent> after(long after, int limit) {
        if (isEmpty()) {
            return isWhole() ? List.of() : null;
        }
        if (after < first().seq() - 1) {
            return null;
        }
        int from = start + (int) Math.min(after - first().seq() + 1, events.size() - start);
        return firstOf(events.subList(from, events.size()), limit);
    }

    /** Events of one turn with {@code runSeq > after}; null when some of them may no longer be here. */
    synchronized @Nullable List<LoggedEvent> ofTurn(long turn, long after, int limit) {
        int count = 0;
        for (int i = events.size() - 1; i >= start; i--) {
            LoggedEvent event = events.get(i);
            if (event.turn() == turn) {
                count += event.runSeq() > after ? 1 : 0;
                if (event.runSeq() <= after + 1) {
                    return firstOfTurn(turn, i, after, Math.min(limit, count));
                }
            }
        }
        return isWhole() ? firstOfTurn(turn, start, after, Math.min(limit, count)) : null;
    }

    private List<LoggedEvent> firstOfTurn(long turn, int from, long after, int count) {
        var found = new LoggedEvent[count];
        int next = 0;
        for (int i = from; next < count; i++) {
            LoggedEvent event = events.get(i);
            if (event.turn() == turn && event.runSeq() > after) {
                found[next++] = event;
            }
        }
        return List.of(found);
    }

    synchronized Optional<Long> head() {
        return isEmpty() ? Optional.empty() : Optional.of(events.getLast().seq());
    }

    synchronized long lastUsed() {
        return lastUsed;
    }

    /** Takes no more events; answers how many bytes it held. */
    synchronized int close() {
        int held = bytes;
        closed = true;
        clear();
        return held;
    }

    private void add(LoggedEvent event) {
        events.add(event);
        bytes += sizeOf(event);
        head = event.seq();
    }

    private void clear() {
        fresh = false;
        events.clear();
        start = 0;
        bytes = 0;
    }

    private boolean isEmpty() {
        return start == events.size();
    }

    /** Whether all events of the thread are here, and be it that there are none. */
    private boolean isWhole() {
        return isEmpty() ? fresh : first().seq() == 1;
    }

    private LoggedEvent first() {
        return events.get(start);
    }

    private void trim() {
        while (bytes > maxBytes && !isEmpty()) {
            bytes -= sizeOf(events.get(start));
            start++;
            fresh = false;
        }
        // Free the dropped prefix only now and then: moving the rest for each event would cost more than it saves.
        if (start > 64 && start > events.size() / 2) {
            events.subList(0, start).clear();
            start = 0;
        }
    }

    private static List<LoggedEvent> firstOf(List<LoggedEvent> found, int limit) {
        return List.copyOf(found.subList(0, Math.min(limit, found.size())));
    }

    private static int sizeOf(LoggedEvent event) {
        if (event.event() instanceof ThreadEvent.OfRun ofRun
                && ofRun.event() instanceof RunEvent.TextAppended appended) {
            return BYTES_PER_EVENT + 2 * appended.text().length();
        }
        // Rare events; their printed form is as long as the data they hold.
        return BYTES_PER_EVENT + 2 * event.event().toString().length();
    }
}
