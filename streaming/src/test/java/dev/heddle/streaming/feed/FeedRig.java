package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.InMemoryEventLog;
import dev.heddle.streaming.log.InProcessDoorbell;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.TailCache;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.Arrays;
import java.util.List;
import reactor.core.publisher.Flux;

/** A thread, what is written to it, and its feeds. Writing rings. */
final class FeedRig {
    final ThreadKey thread = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
    final InMemoryEventLog kept = new InMemoryEventLog();
    final TailCache cache;
    final CountingLog log;
    final InProcessDoorbell doorbell = new InProcessDoorbell();
    final TestWriter writer;
    final RunFeed runs;
    final ThreadFeed threads;

    FeedRig() {
        this(1_000_000);
    }

    FeedRig(int maxBytesPerThread) {
        this.cache = new TailCache(kept, maxBytesPerThread, 1_000_000);
        this.log = new CountingLog(cache);
        this.writer = new TestWriter(cache, thread, 1);
        this.runs = new RunFeed(log, doorbell);
        this.threads = new ThreadFeed(log, doorbell);
    }

    RunKey run(long turn) {
        return new RunKey(thread, turn, RunId.fresh());
    }

    /** Appends and rings. */
    void write(RunKey run, RunEvent... events) {
        writer.store(run, events);
        doorbell.ring(thread.id());
    }

    /** Appends and rings, event by event. */
    void writeOneByOne(RunKey run, RunEvent... events) {
        Arrays.stream(events).forEach(event -> write(run, event));
    }

    void writeMessage(long turn, String text) {
        writer.store(turn, new ThreadEvent.ItemAdded(ItemId.fresh(), Item.Message.of(Role.USER, text)));
        doorbell.ring(thread.id());
    }

    /** What has come by now, all asked for at once. */
    static List<Followed> now(Flux<Followed> feed) {
        var seen = new java.util.ArrayList<Followed>();
        feed.subscribe(seen::add).dispose();
        return List.copyOf(seen);
    }

    /** All that is stored of these turns, turn by turn. */
    List<LoggedEvent> inTurnOrder() {
        return writer.stored().stream()
                .filter(event -> event.turn() > 0)
                .sorted(java.util.Comparator.comparingLong(LoggedEvent::turn).thenComparingLong(LoggedEvent::runSeq))
                .toList();
    }
}
