package dev.heddle.persistence.postgres;

import org.springframework.context.SmartLifecycle;

/** Joins the living nodes before anything is served, and leaves them after everything has stopped. */
final class NodeLifecycle implements SmartLifecycle {
    private final Nodes nodes;
    private final boolean alone;
    private volatile boolean running;

    NodeLifecycle(Nodes nodes, boolean alone) {
        this.nodes = nodes;
        this.alone = alone;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE / 2;
    }

    // Start and stop are not on the way of any request: the container's own thread waits for the database.
    @Override
    public void start() {
        nodes.join(alone).toFuture().join();
        running = true;
    }

    @Override
    public void stop() {
        nodes.leave().onErrorComplete().toFuture().join();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
