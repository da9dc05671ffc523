package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.StopCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Folds the events of one run, from its first on, to the frames of its stream (Assistants API reference, "Streaming").
 * The same run and events make the same frames, also for a reader who comes back and is given only the later ones.
 * Mutable and confined to one reader.
 */
final class AssistantsProjection {
    private final FrameId after;
    private StoredRun run;
    private @Nullable OpenMessage message;

    /** Frames up to {@code after}, included, are left out; {@code expiry} is how long a run may work. */
    AssistantsProjection(StoredRun run, Duration expiry, FrameId after) {
        this.run = RunFold.admitted(run, expiry);
        this.after = after;
    }

    /** The frame in front of a run that was created together with its thread; no event of the run, so it has no id. */
    static SseFrame threadCreated(StoredThread thread) {
        return SseFrame.of("thread.created", Json.bytes(ThreadJson.of(thread)));
    }

    /** The frames of the next event. None come after those of a terminal event or of a gap. */
    List<SseFrame> frames(Followed followed) {
        return switch (followed) {
            case LoggedEvent event -> frames(event);
            case Gap gap ->
                Frames.failing(AssistantsErrors.forgotten(run.key(), gap).frame());
        };
    }

    private List<SseFrame> frames(LoggedEvent logged) {
        var frames = new Frames(logged.runSeq(), after);
        switch (logged.event()) {
            case ThreadEvent.OfRun ofRun -> project(ofRun.event(), logged.at(), frames);
            case ThreadEvent.MessageAdded _, ThreadEvent.OwnerChanged _ -> {}
        }
        return frames.list();
    }

    private void project(RunEvent event, Instant at, Frames frames) {
        run = RunFold.after(run, event, at);
        switch (event) {
            case RunEvent.Admitted _ -> admitted(frames);
            case RunEvent.Started _ -> moved(frames);
            case RunEvent.StopRequested stop -> stopRequested(stop.cause(), frames);
            case RunEvent.ItemOpened opened -> opened(opened, at, frames);
            case RunEvent.TextAppended appended -> frames.add("thread.message.delta", open().delta(appended.text()));
            case RunEvent.ItemClosed closed -> closed(closed, at, frames);
            case RunEvent.Terminal terminal -> ended(terminal, at, frames);
            case RunEvent.ModelCallStarted _, RunEvent.ModelCallEnded _ -> {}
        }
    }

    private void admitted(Frames frames) {
        frames.add("thread.run.created", this::runJson);
        moved(frames);
    }

    private void moved(Frames frames) {
        frames.add("thread.run." + RunJson.status(run.status()), this::runJson);
    }

    /** A run that runs out of time is not said to be cancelling: only its expiry is told. */
    private void stopRequested(StopCause cause, Frames frames) {
        if (cause != StopCause.EXPIRY) {
            moved(frames);
        }
    }

    private void opened(RunEvent.ItemOpened opened, Instant at, Frames frames) {
        message = OpenMessage.of(run, opened, at);
        frames.add("thread.run.step.created", this::stepJson);
        frames.add("thread.run.step.in_progress", this::stepJson);
        frames.add("thread.message.created", this::messageJson);
        frames.add("thread.message.in_progress", this::messageJson);
    }

    private void closed(RunEvent.ItemClosed closed, Instant at, Frames frames) {
        messageEnded(open().closed(closed.status(), closed.end(), closed.usage(), at), frames);
        // A failed step shows why, and only the next event, the run's end, says it.
        if (closed.status() != ItemStatus.RUN_FAILED) {
            stepEnded(frames);
        }
    }

    private void ended(RunEvent.Terminal terminal, Instant at, Frames frames) {
        if (message != null && message.isOpen()) {
            messageEnded(message.cutBy(terminal, at), frames);
        }
        if (message != null) {
            stepEnded(frames);
        }
        moved(frames);
        frames.done();
    }

    private void messageEnded(OpenMessage ended, Frames frames) {
        message = ended;
        frames.add("thread.message." + MessageJson.of(ended.item()).status(), this::messageJson);
    }

    private void stepEnded(Frames frames) {
        frames.add("thread.run.step." + step().status(), this::stepJson);
        message = null;
    }

    private OpenMessage open() {
        return Objects.requireNonNull(message, "no message is open");
    }

    private StepJson step() {
        return StepJson.of(open().item(), run.failure());
    }

    private byte[] stepJson() {
        return Json.bytes(step());
    }

    private byte[] messageJson() {
        return Json.bytes(MessageJson.of(open().item()));
    }

    private byte[] runJson() {
        return Json.bytes(RunJson.of(run));
    }
}
