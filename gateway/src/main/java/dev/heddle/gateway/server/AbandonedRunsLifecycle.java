package dev.heddle.gateway.server;

import dev.heddle.gateway.engine.AbandonedRuns;
import org.springframework.context.SmartLifecycle;

/** Lets go of abandoned runs before sockets are closed, and before the web server cuts connections itself. */
final class AbandonedRunsLifecycle implements SmartLifecycle {
    private final AbandonedRuns abandoned;
    private volatile boolean running;

    AbandonedRunsLifecycle(AbandonedRuns abandoned) {
        this.abandoned = abandoned;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE; // The highest phase is stopped first.
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        abandoned.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
