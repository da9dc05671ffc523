package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.StopCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Folds the events of one run, from its first on, to the frames of its stream (Assistants API reference, "Streaming").
 * The same run and events make the same frames, also for a reader who comes back and is given only the later ones.
 * Mutable and confined to one reader.
 */
final class AssistantsProjection {
    private final FrameCache cache;
    private final FrameId after;
    private final boolean endsAtPause;
    private StoredRun run;
    private @Nullable OpenMessage message;
    private @Nullable OpenCalls calls;

    private AssistantsProjection(FrameCache cache, StoredRun run, Duration expiry, FrameId after, boolean endsAtPause) {
        this.cache = cache;
        this.run = RunFold.admitted(run, expiry);
        this.after = after;
        this.endsAtPause = endsAtPause;
    }

    /** Frames up to {@code after}, included, are left out; {@code expiry} is how long a run may work. */
    static AssistantsProjection whole(FrameCache cache, StoredRun run, Duration expiry, FrameId after) {
        return new AssistantsProjection(cache, run, expiry, after, false);
    }

    /** As {@link #whole}, but says {@code done} already when the run next waits for its client, behind {@code after}. */
    static AssistantsProjection untilPause(FrameCache cache, StoredRun run, Duration expiry, FrameId after) {
        return new AssistantsProjection(cache, run, expiry, after, true);
    }

    /** The frame in front of a run that was created together with its thread; no event of the run, so it has no id. */
    static SseFrame threadCreated(StoredThread thread) {
        return SseFrame.of("thread.created", Json.bytes(ThreadJson.of(thread)));
    }

    /** The frames of the next event. None come after those that end with {@code done}. */
    List<SseFrame> frames(Followed followed) {
        return switch (followed) {
            case LoggedEvent event -> frames(event);
            case Gap gap ->
                Frames.failing(AssistantsErrors.forgotten(run.key(), gap).frame());
        };
    }

    private List<SseFrame> frames(LoggedEvent logged) {
        var frames = new Frames(cache, run, logged.runSeq(), after);
        switch (logged.event()) {
            case ThreadEvent.OfRun ofRun -> project(ofRun, logged.at(), frames);
            case ThreadEvent.ItemAdded _,
                    ThreadEvent.ItemDeleted _,
                    ThreadEvent.TurnsWithdrawn _,
                    ThreadEvent.TurnsImported _,
                    ThreadEvent.OwnerChanged _ -> {}
        }
        return frames.list();
    }

    private void project(ThreadEvent.OfRun ofRun, Instant at, Frames frames) {
        run = RunFold.after(run, ofRun, at);
        switch (ofRun.event()) {
            case RunEvent.Admitted _ -> admitted(frames);
            case RunEvent.Started _, RunEvent.OutputsSubmitted _, RunEvent.Resumed _ -> moved(frames);
            case RunEvent.ActionRequired _ -> paused(ofRun.runSeq(), frames);
            case RunEvent.StopRequested stop -> stopRequested(stop.cause(), frames);
            case RunEvent.ItemOpened opened -> opened(opened, ItemFold.opened(run, opened, at), frames);
            case RunEvent.TextAppended appended -> frames.add(openMessage().delta(appended.text()));
            case RunEvent.ArgumentsAppended appended -> frames.add(openCalls().appended(appended));
            case RunEvent.ItemClosed closed -> closed(closed, at, frames);
            case RunEvent.Terminal terminal -> ended(terminal, at, frames);
            case RunEvent.ReasoningAppended _, RunEvent.ModelCallStarted _, RunEvent.ModelCallEnded _ -> {}
        }
    }

    private void admitted(Frames frames) {
        frames.add("thread.run.created", this::runJson);
        moved(frames);
    }

    private void moved(Frames frames) {
        frames.add("thread.run." + RunJson.status(run.status()), this::runJson);
    }

    private void paused(long runSeq, Frames frames) {
        moved(frames);
        if (endsAtPause && runSeq > after.runSeq()) {
            frames.done();
        }
    }

    /** A run that runs out of time is not said to be cancelling: only its expiry is told. */
    private void stopRequested(StopCause cause, Frames frames) {
        if (cause != StopCause.EXPIRY) {
            moved(frames);
        }
    }

    private void opened(RunEvent.ItemOpened opened, StoredItem item, Frames frames) {
        switch (opened.start()) {
            case Item.Message _ -> messageBegun(item, frames);
            case Item.FunctionCall call -> callBegun(item, call, frames);
            case Item.FunctionCallOutput _ -> openCalls().awaited(item);
            case Item.Reasoning _, Item.Compaction _ -> {}
        }
    }

    private void messageBegun(StoredItem item, Frames frames) {
        message = OpenMessage.of(item);
        stepBegun(message.step(), frames);
        frames.add("thread.message.created", this::messageJson);
        frames.add("thread.message.in_progress", this::messageJson);
    }

    /** The first call of a model call begins the step that the others join. */
    private void callBegun(StoredItem item, Item.FunctionCall call, Frames frames) {
        boolean first = calls == null;
        var open = first ? new OpenCalls(item.id()) : openCalls();
        var delta = open.begun(item, call);
        calls = open;
        if (first) {
            stepBegun(open.step(), frames);
        }
        frames.add(delta);
    }

    private void stepBegun(Step step, Frames frames) {
        Supplier<byte[]> json = () -> Json.bytes(StepJson.begun(step, run));
        frames.add("thread.run.step.created", json);
        frames.add("thread.run.step.in_progress", json);
    }

    private void closed(RunEvent.ItemClosed closed, Instant at, Frames frames) {
        switch (closed.end()) {
            case Item.Message _ -> messageClosed(closed, at, frames);
            case Item.FunctionCall _ -> openCalls().closed(closed, at);
            case Item.FunctionCallOutput _ -> answered(closed, at, frames);
            case Item.Reasoning _, Item.Compaction _ -> {}
        }
    }

    private void messageClosed(RunEvent.ItemClosed closed, Instant at, Frames frames) {
        messageEnded(openMessage().closed(closed, at), frames);
        // A failed step shows why, and only the next event, the run's end, says it.
        if (closed.status() != ItemStatus.RUN_FAILED) {
            messageStepEnded(frames);
        }
    }

    private void answered(RunEvent.ItemClosed closed, Instant at, Frames frames) {
        var open = openCalls();
        open.closed(closed, at);
        if (open.step().answeredAt().isPresent()) {
            callsEnded(frames);
        }
    }

    private void ended(RunEvent.Terminal terminal, Instant at, Frames frames) {
        if (message != null && message.isOpen()) {
            messageEnded(message.cutBy(terminal, at), frames);
        }
        if (message != null) {
            messageStepEnded(frames);
        }
        if (calls != null) {
            callsEnded(frames);
        }
        moved(frames);
        frames.done();
    }

    private void messageEnded(OpenMessage ended, Frames frames) {
        message = ended;
        frames.add("thread.message." + MessageJson.of(ended.item()).status(), this::messageJson);
    }

    private void messageStepEnded(Frames frames) {
        stepEnded(openMessage().step(), frames);
        message = null;
    }

    private void callsEnded(Frames frames) {
        stepEnded(openCalls().step(), frames);
        calls = null;
    }

    private void stepEnded(Step step, Frames frames) {
        var json = StepJson.of(step, run);
        frames.add("thread.run.step." + json.status(), () -> Json.bytes(json));
    }

    private OpenMessage openMessage() {
        return Objects.requireNonNull(message, "no message is open");
    }

    private OpenCalls openCalls() {
        return Objects.requireNonNull(calls, "no function is being called");
    }

    private byte[] messageJson() {
        return Json.bytes(MessageJson.of(openMessage().item()));
    }

    private byte[] runJson() {
        return Json.bytes(RunJson.of(run));
    }
}
