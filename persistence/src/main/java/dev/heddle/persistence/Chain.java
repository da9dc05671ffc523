package dev.heddle.persistence;

import dev.heddle.streaming.run.RunKey;

/**
 * Where a run goes on from an earlier one, its parent, instead of from the end of a thread: in the parent's own thread as
 * long as the parent has the last turn there and {@code staysInThread} allows it; in a branch otherwise.
 *
 * @param branch the thread to create for a branch: it shows what its parent has up to the parent run's turn, then its own
 */
public record Chain(RunKey parent, boolean staysInThread, NewThread branch) {}
