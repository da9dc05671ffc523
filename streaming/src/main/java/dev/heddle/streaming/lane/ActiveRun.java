package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * A run that was admitted and has not ended, as its thread's owner needs to know it.
 *
 * @param nextRunSeq the number of its next event
 * @param begun when and how it started; empty as long as it has not
 */
public record ActiveRun(
        RunId run, long turn, Strategy strategy, RunStatus status, long nextRunSeq, Optional<Begun> begun) {
    /** {@code startedSeq} is the number of its {@code Started} event in the thread's log. */
    public record Begun(long startedSeq, Instant expiresAt) {}
}
