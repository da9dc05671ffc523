package dev.heddle.streaming.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.InProcessDoorbell;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.TailCache;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.OpenRun;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One instance with one thread, in virtual time, all on the test's own thread of execution. */
final class LaneRig {
    static final LaneSettings SETTINGS = new LaneSettings(4, 16, 8, 64, Duration.ofMinutes(10), Duration.ofSeconds(1));

    final VirtualTimeScheduler time;
    final InMemoryThreads threads;
    final ScriptedLog log;
    final TailCache cache;
    final InProcessDoorbell doorbell;
    final ScriptedInbox inbox;
    final ScriptedOwnership ownership;
    final ScriptedWork works;
    final NodeId node = NodeId.fresh();
    final Lanes lanes;
    final ThreadKey thread;

    LaneRig() {
        this(SETTINGS);
    }

    LaneRig(LaneSettings settings) {
        this(settings, VirtualTimeScheduler.create());
    }

    private LaneRig(LaneSettings settings, VirtualTimeScheduler time) {
        this(settings, new InMemoryThreads(new VirtualClock(time)), time);
    }

    private LaneRig(LaneSettings settings, InMemoryThreads threads, VirtualTimeScheduler time) {
        this(settings, 100_000, threads, threads.newThread(), new InProcessDoorbell(), time);
    }

    private LaneRig(
            LaneSettings settings,
            int cacheBytes,
            InMemoryThreads threads,
            ThreadKey thread,
            InProcessDoorbell doorbell,
            VirtualTimeScheduler time) {
        this.threads = threads;
        this.thread = thread;
        this.works = new ScriptedWork();
        this.doorbell = doorbell;
        this.time = time;
        this.log = new ScriptedLog(threads);
        this.cache = new TailCache(log, cacheBytes, 1_000_000);
        this.inbox = new ScriptedInbox(threads);
        this.ownership = new ScriptedOwnership(threads.ownership(node));
        this.lanes = new Lanes(
                new LaneParts(cache, doorbell, inbox, ownership, works, new VirtualClock(time), time, settings));
    }

    /** One more instance, which shares database, doorbell and time with this one. */
    LaneRig another(LaneSettings settings, int cacheBytes) {
        return new LaneRig(settings, cacheBytes, threads, thread, doorbell, time);
    }

    /** This instance is held for dead, and does not know it; answers one that takes its place. */
    LaneRig replaced(LaneSettings settings) {
        threads.dies(node);
        return another(settings, 100_000);
    }

    LaneRig replaced() {
        return replaced(SETTINGS);
    }

    /** Admits a run and wakes the lane. */
    RunKey admit(Strategy strategy) {
        RunKey run = threads.admit(thread, strategy);
        lanes.wake(thread);
        return run;
    }

    RunKey admit() {
        return admit(Strategy.CONCURRENT);
    }

    void stop(RunKey run) {
        threads.askStop(run, StopCause.CLIENT);
        lanes.wake(thread);
    }

    /** Brings the outputs that a paused run waits for. */
    void submit(RunKey run, String output) {
        assertThat(threads.bringOutputs(run, output)).isTrue();
        lanes.wake(thread);
    }

    void addMessage(String text) {
        threads.addMessage(thread, text);
        lanes.wake(thread);
    }

    ScriptedWork.Script work(RunKey run) {
        return works.of(run);
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    /** All that is stored of the thread. */
    List<LoggedEvent> stored() {
        return threads.readThread(thread, 0, Integer.MAX_VALUE).block();
    }

    List<ThreadEvent> storedEvents() {
        return stored().stream().map(LoggedEvent::event).toList();
    }

    /** All that is stored of a run. */
    List<RunEvent> eventsOf(RunKey run) {
        return stored().stream()
                .filter(event -> event.isOf(run.id()))
                .map(event -> ((ThreadEvent.OfRun) event.event()).event())
                .toList();
    }

    RunEvent lastOf(RunKey run) {
        return eventsOf(run).getLast();
    }

    OpenRun fold(RunKey run) {
        var open = new OpenRun();
        eventsOf(run).forEach(open::add);
        return open;
    }

    List<InboxEntry> unread() {
        return threads.read(thread, 0, Integer.MAX_VALUE).block();
    }

    /** Numbers without gaps, each run's too, and each of these runs ended once, as its row says. */
    void isSound(RunKey... ended) {
        List<LoggedEvent> stored = stored();
        assertThat(stored)
                .extracting(LoggedEvent::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, stored.size()).boxed().toList());
        for (RunKey run : ended) {
            List<LoggedEvent> events =
                    stored.stream().filter(event -> event.isOf(run.id())).toList();
            assertThat(events)
                    .extracting(LoggedEvent::runSeq)
                    .containsExactlyElementsOf(
                            LongStream.range(0, events.size()).boxed().toList());
            assertThat(events).filteredOn(LoggedEvent::endsRun).containsExactly(events.getLast());
            assertThat(fold(run).status()).isEqualTo(threads.status(run)).matches(status -> status.isTerminal());
        }
    }
}
