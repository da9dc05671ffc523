package dev.heddle.persistence;

import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run as it stands.
 *
 * @param status as its events say; but {@code CANCELLING} as soon as a stop is asked for, and {@code QUEUED} as soon as
 *     the outputs it waits for are there, though not yet logged
 * @param stopped why it was stopped, when that was its end
 * @param expiresAt when it will have worked too long; counted from its creation until it starts
 */
public record StoredRun(
        RunKey key,
        RunStatus status,
        Strategy strategy,
        RunSpec spec,
        Map<String, Object> metadata,
        Instant createdAt,
        Instant expiresAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Usage usage,
        Optional<RunFailure> failure,
        Optional<IncompleteReason> incomplete,
        Optional<RequiredAction> requiredAction,
        Optional<StopCause> stopped) {
    public StoredRun {
        metadata = Map.copyOf(metadata);
    }

    /** A run that was not stopped. */
    public StoredRun(
            RunKey key,
            RunStatus status,
            Strategy strategy,
            RunSpec spec,
            Map<String, Object> metadata,
            Instant createdAt,
            Instant expiresAt,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt,
            Usage usage,
            Optional<RunFailure> failure,
            Optional<IncompleteReason> incomplete,
            Optional<RequiredAction> requiredAction) {
        this(
                key,
                status,
                strategy,
                spec,
                metadata,
                createdAt,
                expiresAt,
                startedAt,
                endedAt,
                usage,
                failure,
                incomplete,
                requiredAction,
                Optional.empty());
    }

    /** The run as it stands, together with what it required before. */
    public StoredRun thatRequired(RequiredAction action) {
        return new StoredRun(
                key,
                status,
                strategy,
                spec,
                metadata,
                createdAt,
                expiresAt,
                startedAt,
                endedAt,
                usage,
                failure,
                incomplete,
                Optional.of(action),
                stopped);
    }

    /**
     * What a run waits for; empty unless its status is {@code REQUIRES_ACTION}.
     *
     * @param runSeq the number of the event that said so
     * @param calls those whose outputs its client is to bring, in their order
     */
    public record RequiredAction(long runSeq, List<Item.FunctionCall> calls) {
        public RequiredAction {
            calls = List.copyOf(calls);
        }
    }
}
