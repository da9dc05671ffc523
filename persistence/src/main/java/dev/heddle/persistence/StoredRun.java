package dev.heddle.persistence;

import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A run as it stands.
 *
 * @param status as its events say; {@code CANCELLING} as soon as a stop is asked for, though not yet logged
 * @param expiresAt when it will have worked too long; counted from its creation until it starts
 */
public record StoredRun(
        RunKey key,
        RunStatus status,
        RunSpec spec,
        Map<String, Object> metadata,
        Instant createdAt,
        Instant expiresAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Usage usage,
        Optional<RunFailure> failure,
        Optional<IncompleteReason> incomplete) {
    public StoredRun {
        metadata = Map.copyOf(metadata);
    }
}
