package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.StopCause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Folds the events of one run, from its first on, to the frames of its response (Responses API reference, "Streaming
 * events"). The same run and events make the same frames with the same numbers, also for a reader who comes back and is
 * given only the later ones. Mutable and confined to one reader.
 */
final class ResponsesProjection {
    private final StoredRun run;
    private final Echo echo;
    private final ResponseFrames frames;
    private final List<ItemJson> output = new ArrayList<>();
    private final Map<Integer, OpenItem> open = new HashMap<>();
    private Standing standing;
    private boolean steered;

    /** Frames up to number {@code after}, included, are left out. */
    ResponsesProjection(FrameCache cache, StoredRun run, long after) {
        this.run = run;
        this.echo = Echo.of(run.spec());
        this.frames = new ResponseFrames(cache, run, after);
        this.standing = Standing.admitted(echo);
    }

    /** The frames of the next event. A gap means that the response cannot be told any more. */
    List<SseFrame> frames(Followed followed) {
        switch (followed) {
            case LoggedEvent event -> project(event);
            case Gap gap -> throw ResponsesErrors.forgotten(run.key().id(), gap);
        }
        return frames.take();
    }

    /** The response as it stands behind the events so far. */
    ResponseJson response() {
        return ResponseJson.of(run, echo, standing, output);
    }

    private void project(LoggedEvent logged) {
        if (logged.event() instanceof ThreadEvent.OfRun ofRun) {
            project(ofRun.event(), logged.at());
        }
    }

    private void project(RunEvent event, Instant at) {
        switch (event) {
            case RunEvent.Admitted _ -> admitted();
            case RunEvent.Started _ -> started();
            case RunEvent.StopRequested stop -> steered = Standing.isSteered(echo, stop.cause());
            case RunEvent.ItemOpened opened -> opened(opened);
            case RunEvent.TextAppended appended -> open(appended).append(appended.text());
            case RunEvent.ReasoningAppended appended -> open(appended).append(appended.text());
            case RunEvent.ArgumentsAppended appended -> open(appended).append(appended.arguments());
            case RunEvent.ItemClosed closed -> closed(closed);
            case RunEvent.Terminal terminal -> ended(terminal, at);
            case RunEvent.ActionRequired _,
                    RunEvent.OutputsSubmitted _,
                    RunEvent.Resumed _,
                    RunEvent.ModelCallStarted _,
                    RunEvent.ModelCallEnded _ -> {}
        }
    }

    private void admitted() {
        snapshot("response.created");
        if (echo.background()) {
            snapshot("response.queued");
        }
    }

    private void started() {
        standing = Standing.working();
        snapshot("response.in_progress");
    }

    private void opened(RunEvent.ItemOpened opened) {
        output.add(ItemJson.of(opened.item(), ItemStatus.IN_PROGRESS, opened.start()));
        open.put(opened.outputIndex(), OpenItem.of(opened, frames));
    }

    private void closed(RunEvent.ItemClosed closed) {
        var item = ItemJson.of(closed.item(), closed.status(), closed.end());
        var ended = Objects.requireNonNull(open.remove(closed.outputIndex()), "no item is open there");
        output.set(closed.outputIndex(), item);
        if (isTold(closed.status())) {
            ended.close(closed, item);
        }
    }

    /** What breaks off with its response has no end of its own: only the response's end tells of it. */
    private boolean isTold(ItemStatus status) {
        return switch (status) {
            case IN_PROGRESS, COMPLETED, MAX_TOKENS, CONTENT_FILTER -> true;
            case RUN_CANCELLED -> steered;
            case RUN_EXPIRED, RUN_FAILED -> false;
        };
    }

    /** There is no event for a response that was cancelled: its stream just ends. */
    private void ended(RunEvent.Terminal terminal, Instant at) {
        standing = Standing.ended(echo, terminal, at);
        open.forEach((index, item) -> output.set(index, item.cutBy(terminal)));
        switch (terminal) {
            case RunEvent.Completed _ -> snapshot("response.completed");
            case RunEvent.Incomplete _ -> snapshot("response.incomplete");
            case RunEvent.Failed _, RunEvent.Expired _ -> snapshot("response.failed");
            case RunEvent.Cancelled stopped -> stopped(stopped.cause());
        }
    }

    private void stopped(StopCause cause) {
        if (Standing.isSteered(echo, cause)) {
            snapshot("response.incomplete");
        }
    }

    private void snapshot(String type) {
        var response = response();
        frames.add(type, EventJson.snapshot(type, response));
    }

    private OpenItem open(RunEvent.Output event) {
        return Objects.requireNonNull(open.get(event.outputIndex()), "no item is open there");
    }
}
