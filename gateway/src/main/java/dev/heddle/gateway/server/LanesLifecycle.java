package dev.heddle.gateway.server;

import dev.heddle.streaming.lane.Lanes;
import org.springframework.context.SmartLifecycle;

/** Attends to threads from the moment this node has joined until right before it leaves. */
final class LanesLifecycle implements SmartLifecycle {
    private final Lanes lanes;
    private volatile boolean running;

    LanesLifecycle(Lanes lanes) {
        this.lanes = lanes;
    }

    @Override
    public int getPhase() {
        return 0; // After the node has joined, before the web server lets requests in.
    }

    @Override
    public void start() {
        lanes.startSweeping();
        running = true;
    }

    @Override
    public void stop() {
        lanes.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
