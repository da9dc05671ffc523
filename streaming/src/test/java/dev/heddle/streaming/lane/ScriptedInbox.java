package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import reactor.core.publisher.Mono;

/** An inbox whose pages can be held back after they were read, and whose reads can fail. One thread at a time. */
final class ScriptedInbox implements Inbox {
    private final Inbox inbox;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean holding;
    private int failures;
    private boolean broken;
    private int reads;

    ScriptedInbox(Inbox inbox) {
        this.inbox = inbox;
    }

    /** From now on a page is read at once, but handed over only later. */
    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
        while (!held.isEmpty()) {
            releaseOne();
        }
    }

    /** The oldest page that was held back is handed over; later ones are still held. */
    void releaseOne() {
        held.remove().run();
    }

    int held() {
        return held.size();
    }

    void failNext(int times) {
        failures = times;
    }

    /** The next read throws, as only a fault of the program can. */
    void breakNext() {
        broken = true;
    }

    int reads() {
        return reads;
    }

    @Override
    public Mono<List<InboxEntry>> read(ThreadKey thread, long after, int limit) {
        if (broken) {
            broken = false;
            throw new IllegalStateException("A fault in the inbox");
        }
        return Mono.defer(() -> {
            reads++;
            if (failures > 0) {
                failures--;
                return Mono.error(new IllegalStateException("The database is away"));
            }
            Mono<List<InboxEntry>> page = inbox.read(thread, after, limit);
            return holding ? page.flatMap(this::handOverLater) : page;
        });
    }

    @Override
    public Mono<Void> discard(ThreadKey thread, long epoch, long entry) {
        return inbox.discard(thread, epoch, entry);
    }

    private Mono<List<InboxEntry>> handOverLater(List<InboxEntry> page) {
        return Mono.create(sink -> held.add(() -> sink.success(page)));
    }
}
