package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/** Hands over what is asked of a lane's thread, page by page, every entry once. Touched only by the lane's tasks. */
final class LaneInbox {
    private static final Logger LOG = LoggerFactory.getLogger(LaneInbox.class);
    private static final int PAGE_SIZE = 256;

    private final ThreadKey thread;
    private final Inbox inbox;
    private final LaneReads reads;
    private final Consumer<InboxEntry> take;
    private final Runnable pageTaken;
    private long epoch;
    private long read;
    private boolean reading;
    private boolean readAgain;
    private List<InboxEntry> known = List.of();

    LaneInbox(ThreadKey thread, Inbox inbox, LaneReads reads, Consumer<InboxEntry> take, Runnable pageTaken) {
        this.thread = thread;
        this.inbox = inbox;
        this.reads = reads;
        this.take = take;
        this.pageTaken = pageTaken;
    }

    /** Its thread is owned in the given epoch. */
    void begin(long currentEpoch) {
        epoch = currentEpoch;
    }

    /** What it begins with: it need not be read. */
    void know(List<InboxEntry> entries) {
        known = entries;
    }

    /** Reads on to the end of what is there now. */
    void read() {
        if (reading) {
            readAgain = true;
            return;
        }
        reading = true;
        if (known.isEmpty()) {
            reads.ask(inbox.read(thread, read, PAGE_SIZE), this::take);
        } else {
            takeKnown();
        }
    }

    private void takeKnown() {
        List<InboxEntry> page = known;
        known = List.of();
        take(page);
    }

    boolean isReading() {
        return reading;
    }

    /** Removes entries that have become void. */
    void discard(List<Long> entries) {
        Flux.fromIterable(entries)
                .concatMap(entry -> inbox.discard(thread, epoch, entry))
                .subscribe(_ -> {}, error -> LOG.warn("Thread {}: a void inbox entry stays", thread.id(), error));
    }

    private void take(List<InboxEntry> page) {
        reading = false;
        page.forEach(this::take);
        if (readAgain || page.size() == PAGE_SIZE) {
            readAgain = false;
            read();
        }
        pageTaken.run();
    }

    private void take(InboxEntry entry) {
        read = entry.id();
        take.accept(entry);
    }
}
