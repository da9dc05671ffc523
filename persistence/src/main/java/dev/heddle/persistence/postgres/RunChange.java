package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.Usage;
import org.jspecify.annotations.Nullable;

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
    private @Nullable String requiredAction;
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
        requiredAction = JsonText.of(action.calls());
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

    /** For {@code unnest}, in the order of the statement's columns. */
    @Nullable
    Object[] columns() {
        return new @Nullable Object[] {
            run.value(),
            Spelling.of(status),
            startedAt,
            startedSeq,
            expiresAt,
            endedAt,
            endedSeq,
            usage.promptTokens(),
            usage.completionTokens(),
            usage.cachedTokens(),
            usage.reasoningTokens(),
            failure == null ? null : Spelling.of(failure.code()),
            failure == null ? null : failure.message(),
            incompleteReason,
            requiredAction,
            pausedRunSeq,
            stopCause
        };
    }
}
