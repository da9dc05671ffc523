package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.RunKey;

/** Placeholder. */
public final class Abandoned {
    public void stop(RunKey run) {}
}
