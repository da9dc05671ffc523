package dev.heddle.streaming.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Numbers events behind what it has stored, and appends them: an owner without a lane. */
public final class TestWriter {
    /** The time of all its events. */
    public static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EventLog log;
    private final ThreadKey thread;
    private final long epoch;
    private final List<LoggedEvent> stored = new ArrayList<>();
    private final Map<RunId, Long> nextRunSeqs = new HashMap<>();
    private long head;

    public TestWriter(EventLog log, ThreadKey thread, long epoch) {
        this(log, thread, epoch, 0);
    }

    public TestWriter(EventLog log, ThreadKey thread, long epoch, long head) {
        this.log = log;
        this.thread = thread;
        this.epoch = epoch;
        this.head = head;
    }

    /** The next events of a run, numbered and not sent. */
    public Append next(RunKey run, RunEvent... events) {
        return next(run.turn(), ofRun(run, events));
    }

    /** Further events of the thread, numbered and not sent. */
    public Append next(long turn, List<? extends ThreadEvent> events) {
        var logged = new ArrayList<LoggedEvent>();
        events.forEach(event -> logged.add(new LoggedEvent(head + 1 + logged.size(), turn, AT, event)));
        return new Append(thread, epoch, UUID.randomUUID(), logged, List.of());
    }

    /** The same events in one append, as if they had been written together. */
    public static Append together(Append first, Append second) {
        var events = new ArrayList<>(first.events());
        second.events()
                .forEach(event -> events.add(
                        new LoggedEvent(first.firstSeq() + events.size(), event.turn(), event.at(), event.event())));
        return new Append(first.thread(), first.epoch(), UUID.randomUUID(), events, List.of());
    }

    /** Consumes inbox entries, too. */
    public static Append consuming(Append append, Long... entries) {
        return new Append(append.thread(), append.epoch(), append.batch(), append.events(), List.of(entries));
    }

    /** Sends an append; what was stored moves this writer. */
    public AppendOutcome send(Append append) {
        AppendOutcome outcome = log.append(append).block(PATIENCE);
        if (outcome instanceof AppendOutcome.Stored && append.firstSeq() == head + 1) {
            append.events().forEach(this::moveBehind);
        }
        return outcome;
    }

    /** Appends the run's next events, one append for all. */
    public void store(RunKey run, RunEvent... events) {
        assertThat(send(next(run, events))).isEqualTo(new AppendOutcome.Stored());
    }

    /** Appends one event of the thread. */
    public void store(long turn, ThreadEvent event) {
        assertThat(send(next(turn, List.of(event)))).isEqualTo(new AppendOutcome.Stored());
    }

    /** All that this writer has stored, in order. */
    public List<LoggedEvent> stored() {
        return List.copyOf(stored);
    }

    public List<LoggedEvent> stored(RunKey run) {
        return stored.stream().filter(event -> event.isOf(run.id())).toList();
    }

    public ThreadKey thread() {
        return thread;
    }

    public long head() {
        return head;
    }

    private List<ThreadEvent.OfRun> ofRun(RunKey run, RunEvent... events) {
        long first = nextRunSeqs.getOrDefault(run.id(), 0L);
        var numbered = new ArrayList<ThreadEvent.OfRun>();
        for (RunEvent event : events) {
            numbered.add(new ThreadEvent.OfRun(run.id(), first + numbered.size(), event));
        }
        return numbered;
    }

    private void moveBehind(LoggedEvent event) {
        head = event.seq();
        stored.add(event);
        if (event.event() instanceof ThreadEvent.OfRun ofRun) {
            nextRunSeqs.put(ofRun.run(), ofRun.runSeq() + 1);
        }
    }
}
