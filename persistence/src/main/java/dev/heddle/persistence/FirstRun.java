package dev.heddle.persistence;

import dev.heddle.streaming.lane.Handover;
import java.util.Optional;

/**
 * A run that was created with its thread.
 *
 * @param handover of the thread to this instance; empty when the two were there already, and the owner is to be woken
 */
public record FirstRun(StoredRun run, Optional<Handover> handover) {
    /** One that was there already. */
    public static FirstRun found(StoredRun run) {
        return new FirstRun(run, Optional.empty());
    }
}
