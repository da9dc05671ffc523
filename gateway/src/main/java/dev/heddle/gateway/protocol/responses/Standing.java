package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.protocol.responses.ResponseJson.ErrorJson;
import dev.heddle.gateway.protocol.responses.ResponseJson.Incomplete;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a response stands: what is different from one snapshot of it to the next, but for its output. */
record Standing(
        String status,
        @Nullable Long completedAt,
        @Nullable ErrorJson error,
        @Nullable Incomplete incomplete,
        @Nullable UsageJson usage) {
    private static final RunFailure EXPIRED =
            RunFailure.serverError("The response did not end within the time that it may work.");
    private static final String STEERED = "steered";

    /** It has not begun to work; only a background response is said to wait. */
    static Standing admitted(Echo echo) {
        return echo.background() ? active("queued") : working();
    }

    static Standing working() {
        return active("in_progress");
    }

    /** It has ended with this event. */
    static Standing ended(Echo echo, RunEvent.Terminal terminal, Instant at) {
        return switch (terminal) {
            case RunEvent.Completed done -> completed(done.usage(), at);
            case RunEvent.Incomplete cut -> cut(word(cut.reason()), cut.usage());
            case RunEvent.Failed failed -> failed(failed.failure(), failed.usage());
            case RunEvent.Expired expired -> failed(EXPIRED, expired.usage());
            case RunEvent.Cancelled stopped ->
                isSteered(echo, stopped.cause()) ? cut(STEERED, stopped.usage()) : cancelled(stopped.usage());
        };
    }

    /** As it is stored. */
    static Standing of(StoredRun run, Echo echo) {
        return switch (run.status()) {
            case QUEUED -> admitted(echo);
            case IN_PROGRESS, REQUIRES_ACTION, CANCELLING -> working();
            case COMPLETED -> completed(run.usage(), run.endedAt().orElseThrow());
            case INCOMPLETE -> cut(word(run.incomplete().orElseThrow()), run.usage());
            case FAILED -> failed(run.failure().orElseThrow(), run.usage());
            case EXPIRED -> failed(EXPIRED, run.usage());
            case CANCELLED ->
                isSteered(echo, run.stopped().orElse(StopCause.CLIENT))
                        ? cut(STEERED, run.usage())
                        : cancelled(run.usage());
        };
    }

    /** Whether a response that was stopped for this cause is told to have been cut short by a later one. */
    static boolean isSteered(Echo echo, StopCause cause) {
        return cause == StopCause.LATER_RUN && !echo.background();
    }

    private static Standing active(String status) {
        return new Standing(status, null, null, null, null);
    }

    private static Standing completed(Usage usage, Instant at) {
        return new Standing("completed", at.getEpochSecond(), null, null, UsageJson.of(usage));
    }

    private static Standing cut(String reason, Usage usage) {
        return new Standing("incomplete", null, null, new Incomplete(reason), UsageJson.of(usage));
    }

    private static Standing failed(RunFailure failure, Usage usage) {
        var error = new ErrorJson(failure.code().name().toLowerCase(Locale.ROOT), failure.message());
        return new Standing("failed", null, error, null, UsageJson.of(usage));
    }

    private static Standing cancelled(Usage usage) {
        return new Standing("cancelled", null, null, null, UsageJson.of(usage));
    }

    private static String word(IncompleteReason reason) {
        return switch (reason) {
            case MAX_PROMPT_TOKENS, MAX_COMPLETION_TOKENS -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
