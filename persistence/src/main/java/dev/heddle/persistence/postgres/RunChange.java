package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the events of one append change in the row of one run. Times are Unix milliseconds. */
final class RunChange {
    private final RunId run;
    private RunStatus status = RunStatus.QUEUED;
    private @Nullable Long startedAt;
    private @Nullable Long startedSeq;
    private @Nullable Long expiresAt;
    private @Nullable Long endedAt;
    private @Nullable Long endedSeq;
    private Usage usage = Usage.NONE;
    private @Nullable RunFailure failure;
    private @Nullable String incompleteReason;
    private @Nullable String stopCause;
    private @Nullable JsonNode requiredAction;
    private @Nullable Long pausedRunSeq;

    RunChange(RunId run) {
        this.run = run;
    }

    void add(LoggedEvent logged, RunEvent.Lifecycle event) {
        requiredAction = null; // Whatever happens to a run that waits, it waits no more.
        switch (event) {
            case RunEvent.Admitted _, RunEvent.OutputsSubmitted _ -> status = RunStatus.QUEUED;
            case RunEvent.Started started -> start(logged, started);
            case RunEvent.Resumed _ -> status = RunStatus.IN_PROGRESS;
            case RunEvent.ActionRequired action -> pause(logged, action);
            case RunEvent.StopRequested _ -> status = RunStatus.CANCELLING;
            case RunEvent.Terminal terminal -> end(logged, terminal);
        }
    }

    private void start(LoggedEvent logged, RunEvent.Started started) {
        status = RunStatus.IN_PROGRESS;
        startedAt = logged.at().toEpochMilli();
        startedSeq = logged.seq();
        expiresAt = started.expiresAt().toEpochMilli();
    }

    private void pause(LoggedEvent logged, RunEvent.ActionRequired action) {
        status = RunStatus.REQUIRES_ACTION;
        requiredAction = ItemJson.of(action.calls());
        pausedRunSeq = logged.runSeq();
    }

    private void end(LoggedEvent logged, RunEvent.Terminal terminal) {
        endedAt = logged.at().toEpochMilli();
        endedSeq = logged.seq();
        usage = terminal.usage();
        switch (terminal) {
            case RunEvent.Completed _ -> status = RunStatus.COMPLETED;
            case RunEvent.Incomplete incomplete -> {
                status = RunStatus.INCOMPLETE;
                incompleteReason = Spelling.of(incomplete.reason());
            }
            case RunEvent.Failed failed -> {
                status = RunStatus.FAILED;
                failure = failed.failure();
            }
            case RunEvent.Cancelled cancelled -> {
                status = RunStatus.CANCELLED;
                stopCause = Spelling.of(cancelled.cause());
            }
            case RunEvent.Expired _ -> status = RunStatus.EXPIRED;
        }
    }

    /** As {@code change_rows} takes it. */
    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("run_id", run.value().toString())
                .put("status", Spelling.of(status))
                .put("started_at", startedAt)
                .put("started_seq", startedSeq)
                .put("expires_at", expiresAt)
                .put("ended_at", endedAt)
                .put("ended_seq", endedSeq)
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("cached_tokens", usage.cachedTokens())
                .put("reasoning_tokens", usage.reasoningTokens())
                .put("failure_code", failure == null ? null : Spelling.of(failure.code()))
                .put("failure_message", failure == null ? null : failure.message())
                .put("incomplete_reason", incompleteReason)
                .put("stop_cause", stopCause)
                .put("paused_run_seq", pausedRunSeq)
                .set("required_action", requiredAction);
    }
}
