package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.OpenRun;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The only writer of a thread while this instance owns it. Takes what the inbox asks, starts the runs that may start,
 * and merges their works: a {@code Sinks.Many} of run fluxes, flat-mapped, whose events are numbered and appended. Every
 * run it has admitted ends with exactly one terminal event. Opens at the first wake, closes when the thread is idle, also
 * when runs wait for their clients.
 */
final class ThreadLane implements LaneWriter.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadLane.class);

    private final ThreadKey thread;
    private final boolean anew;
    private final LaneParts parts;
    private final Lanes lanes;
    private final LaneRuns runs;
    private final LaneWork work;
    private final RunFold folds;
    private final SerialLoop loop = new SerialLoop(this::failed);
    private final LaneWriter writer;
    private final Sinks.Many<Flux<LaneSignal>> works = Sinks.many().unicast().onBackpressureBuffer();
    private final LaneMerge merge;
    private final LaneReads reads;
    private final Withdrawals withdrawals;
    private final Endings endings;
    private final LaneInbox inbox;
    private State state = State.NEW;
    private long activity;

    private enum State {
        NEW,
        /** Asking for ownership. */
        OPENING,
        /** Owns the thread; looks up its runs once the change of owner is logged. */
        OWNING,
        OPEN,
        CLOSED
    }

    /** {@code anew}: an earlier lane of this thread has failed here, and may have an append on its way. */
    ThreadLane(ThreadKey thread, boolean anew, LaneParts parts, Lanes lanes) {
        this.thread = thread;
        this.anew = anew;
        this.parts = parts;
        this.lanes = lanes;
        this.runs = new LaneRuns(parts.settings().maxRunningRuns());
        this.work = new LaneWork(parts.work());
        this.folds = new RunFold(parts.log());
        this.merge = new LaneMerge(
                parts.settings().maxEventsInFlight(),
                signal -> loop.run(() -> hear(signal)),
                error -> loop.run(() -> failed(error)));
        this.writer = new LaneWriter(thread, parts, loop, this);
        this.reads = new LaneReads(thread.id(), parts.scheduler(), loop, this::failed);
        this.withdrawals = new Withdrawals(runs, this::write);
        this.endings = new Endings(folds, reads, this::add);
        this.inbox = new LaneInbox(thread, parts.inbox(), reads, this::take, this::moveOn);
    }

    /** Looks at the inbox soon; never blocks. */
    void wake() {
        loop.run(this::look);
    }

    /** Takes over what was created as this instance's own; never blocks. */
    void begin(Handover created) {
        loop.run(() -> take(created));
    }

    /** Stops all work without ending any run; whoever owns the thread next ends them. */
    void abandon() {
        loop.run(this::close);
    }

    private void look() {
        switch (state) {
            case NEW -> open();
            case OPENING, OWNING -> {}
            case OPEN -> inbox.read();
            // Closed between the look-up of this lane and now: the ring belongs to the next one.
            case CLOSED -> lanes.wake(thread);
        }
    }

    private void take(Handover created) {
        if (state == State.NEW && !anew) {
            inbox.know(created.asked());
            begin(created.owned());
        } else {
            look(); // Somebody has found it already.
        }
    }

    private void open() {
        state = State.OPENING;
        reads.ask(
                parts.ownership().own(thread, anew).singleOptional(),
                owned -> owned.ifPresentOrElse(this::begin, this::close));
    }

    private void begin(OwnedThread owned) {
        state = State.OWNING;
        writer.begin(owned.epoch(), owned.head());
        inbox.begin(owned.epoch());
        works.asFlux()
                .flatMap(
                        work -> work,
                        parts.settings().maxRunningRuns(),
                        parts.settings().prefetch())
                .subscribe(merge);
        if (owned.claimed() || owned.isUntouched()) {
            writer.add(new Waiting.OfThread(0, new ThreadEvent.OwnerChanged(owned.node(), owned.epoch()), List.of()));
        }
        if (owned.isUntouched()) {
            parts.log().begin(thread.id());
            restore(List.of());
        } else if (!owned.claimed()) {
            findRuns();
        } // Else whoever owned it before may append until the change stands in the log: look at its runs only then.
    }

    private void findRuns() {
        reads.ask(parts.ownership().activeRuns(thread), this::restore);
    }

    private void restore(List<ActiveRun> found) {
        state = State.OPEN;
        found.forEach(this::restore);
        inbox.read(); // Runs start after that: one of those that wait may have been asked to stop.
    }

    private void restore(ActiveRun active) {
        var run = new LaneRun(new RunKey(thread, active.turn(), active.run()), active.strategy(), active.nextRunSeq());
        runs.add(run);
        active.begun().ifPresent(run::begun);
        active.begun().map(ActiveRun.Begun::expiresAt).ifPresent(at -> expire(run, at));
        switch (active.status()) {
            case QUEUED -> {}
            case REQUIRES_ACTION -> run.paused();
            case IN_PROGRESS -> recover(run);
            case CANCELLING, COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED -> endings.finish(run);
        }
    }

    /** Its former owner was at work on it: goes on where that is possible, else it ends with what it has. */
    private void recover(LaneRun run) {
        run.working();
        reads.ask(folds.fold(run.key()), open -> recover(run, open));
    }

    private void recover(LaneRun run, OpenRun open) {
        if (run.phase() != LaneRun.Phase.WORKING) {
            return; // It was stopped meanwhile.
        }
        if (open.mayContinue()) {
            launch(run);
        } else {
            endings.interrupt(run, open);
        }
    }

    private void take(InboxEntry entry) {
        switch (entry) {
            case InboxEntry.RunAdmitted admitted -> admit(admitted);
            case InboxEntry.StopAsked asked ->
                runs.find(asked.run())
                        .ifPresentOrElse(run -> stop(run, asked.cause()), () -> inbox.discard(List.of(asked.id())));
            case InboxEntry.ItemAdded added ->
                writer.add(new Waiting.OfThread(
                        added.turn(), new ThreadEvent.ItemAdded(added.item(), added.content()), List.of(added.id())));
            case InboxEntry.OutputsSubmitted submitted ->
                runs.find(submitted.run())
                        .ifPresentOrElse(run -> resume(run, submitted), () -> inbox.discard(List.of(submitted.id())));
            case InboxEntry.ThreadChanged changed -> withdrawals.take(changed);
        }
    }

    private void write(InboxEntry.ThreadChanged changed) {
        writer.add(new Waiting.OfThread(0, changed.event(), List.of(changed.id())));
    }

    private void admit(InboxEntry.RunAdmitted admitted) {
        var run = new LaneRun(new RunKey(thread, admitted.turn(), admitted.run()), admitted.strategy(), 0);
        runs.add(run);
        add(run, new RunEvent.Admitted(), List.of(admitted.id()), false);
    }

    /** Starts what may start, or closes when there is nothing more to do. */
    private void moveOn() {
        startRuns();
        closeWhenIdle();
    }

    private void startRuns() {
        for (var next = runs.startable(); next.isPresent(); next = runs.startable()) {
            start(next.get());
        }
    }

    private void start(LaneRun run) {
        run.working();
        if (run.begun().isPresent()) {
            add(run, new RunEvent.Resumed());
        } else {
            Instant expiresAt = parts.clock().instant().plus(parts.settings().runExpiry());
            expire(run, expiresAt);
            add(run, new RunEvent.Started(expiresAt));
        }
    }

    private void expire(LaneRun run, Instant at) {
        long millis = Math.max(0, parts.clock().instant().until(at, ChronoUnit.MILLIS));
        run.expiring(Mono.delay(Duration.ofMillis(millis), parts.scheduler())
                .subscribe(_ -> loop.run(() -> stop(run, StopCause.EXPIRY)), error -> LOG.warn("No expiry", error)));
    }

    private void launch(LaneRun run) {
        if (run.phase() == LaneRun.Phase.WORKING) {
            long startedSeq = run.begun().orElseThrow().startedSeq();
            works.emitNext(work.signals(run, startedSeq), Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    /** All events of it are stored together, or none: a crash between them would have the outputs logged twice. */
    private void resume(LaneRun run, InboxEntry.OutputsSubmitted submitted) {
        if (run.phase() != LaneRun.Phase.PAUSED) {
            return; // It is being stopped; the append of its end takes the outputs out of the inbox.
        }
        List<Long> inbox = List.of(submitted.id());
        submitted.outputs().stream()
                .flatMap(output -> output.events().stream())
                .forEach(event -> add(run, event, inbox, false));
        add(run, new RunEvent.OutputsSubmitted(), inbox, false);
        run.resumable();
    }

    private void hear(LaneSignal signal) {
        LaneRun run = signal.run();
        if (state == State.CLOSED || run.phase() != LaneRun.Phase.WORKING) {
            merge.grant(1);
            return;
        }
        switch (signal) {
            case LaneSignal.Happened happened -> {
                add(run, happened.event(), List.of(), true);
                after(run, happened.event());
            }
            case LaneSignal.Broke broke -> {
                merge.grant(1);
                endings.broke(run, broke.failure());
            }
        }
    }

    private void after(LaneRun run, RunEvent event) {
        if (event instanceof RunEvent.Terminal) {
            run.ending();
        } else if (event instanceof RunEvent.ActionRequired) {
            run.paused();
            startRuns(); // It has left its place to another one.
        }
    }

    private void stop(LaneRun run, StopCause cause) {
        if (state == State.CLOSED || run.phase() == LaneRun.Phase.ENDING) {
            return; // It lost the race against the run's end, whose append takes the request out of the inbox.
        }
        endings.stop(run, cause);
    }

    private void add(LaneRun run, RunEvent event) {
        add(run, event, List.of(), false);
    }

    private void add(LaneRun run, RunEvent event, List<Long> inbox, boolean fromWork) {
        run.added();
        writer.add(new Waiting.OfRun(run, event, inbox, fromWork));
    }

    @Override
    public void stored(Waiting event, long seq) {
        switch (event) {
            case Waiting.OfRun ofRun -> stored(ofRun.run(), ofRun.event(), seq);
            case Waiting.OfThread _ when state == State.OWNING -> findRuns();
            case Waiting.OfThread _ -> {}
        }
    }

    private void stored(LaneRun run, RunEvent event, long seq) {
        if (event instanceof RunEvent.Started started) {
            run.begun(new ActiveRun.Begun(seq, started.expiresAt()));
            launch(run);
        } else if (event instanceof RunEvent.Resumed) {
            launch(run);
        } else if (event instanceof RunEvent.Terminal) {
            remove(run);
        }
    }

    private void remove(LaneRun run) {
        runs.remove(run);
        withdrawals.writeReady();
        startRuns();
    }

    @Override
    public void appended(int events) {
        activity++;
        merge.grant(events);
        if (state == State.CLOSED) {
            parts.log().forget(thread.id()); // It was under way when the lane closed: by now others may have appended.
        }
        parts.doorbell().ring(thread.id());
    }

    @Override
    public void idle() {
        closeWhenIdle();
    }

    @Override
    public void refused(List<Waiting> events, String reason) {
        inbox.discard(events.stream().flatMap(event -> event.inbox().stream()).toList());
        if (!(events.getFirst() instanceof Waiting.OfRun first)) {
            LOG.error("Thread {}: an event cannot be stored and was dropped: {}", thread.id(), reason);
            return;
        }
        merge.grant(fromWork(events));
        giveUp(first.run(), reason, first.event() instanceof RunEvent.Admitted);
        first.run().dropped(events.size());
    }

    private void giveUp(LaneRun run, String reason, boolean unlogged) {
        LOG.error(
                "Run {} of thread {}: its events cannot be stored: {}",
                run.key().id(),
                thread.id(),
                reason);
        if (unlogged || !endings.refused(run)) {
            run.ending();
            run.whenDrained(() -> {});
            remove(run);
            loop.run(this::closeWhenIdle);
        }
    }

    private static int fromWork(List<Waiting> events) {
        return (int) events.stream()
                .filter(event -> event instanceof Waiting.OfRun ofRun && ofRun.fromWork())
                .count();
    }

    @Override
    public void fenced() {
        LOG.info("Thread {} has another owner now", thread.id());
        close();
    }

    @Override
    public void failed(Throwable error) {
        LOG.error("The lane of thread {} failed and is opened again", thread.id(), error);
        lanes.failed(thread);
        close();
    }

    private void closeWhenIdle() {
        if (isIdle()) {
            long before = activity;
            Mono.delay(parts.settings().linger(), parts.scheduler())
                    .subscribe(
                            _ -> loop.run(() -> closeIfStillIdle(before)), error -> LOG.warn("No lane timer", error));
        }
    }

    private void closeIfStillIdle(long before) {
        if (isIdle() && activity == before) {
            close();
        }
    }

    private boolean isIdle() {
        return state == State.OPEN && writer.isIdle() && !inbox.isReading() && runs.areWaiting();
    }

    private void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        reads.close();
        writer.close();
        runs.all().forEach(LaneRun::ending);
        merge.dispose();
        parts.log().forget(thread.id());
        lanes.closed(thread.id(), this);
        parts.doorbell().ring(thread.id()); // Another owner may have written what readers could not see in the cache.
    }
}
