package dev.heddle.gateway.http;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/** Closes WebSockets in order before the web server goes and cuts them off. */
final class SocketsLifecycle implements SmartLifecycle {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Sockets sockets;
    private volatile boolean running;

    SocketsLifecycle(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1; // Before the web server stops, and when no client is said to have gone any more.
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable stopped) {
        running = false;
        sockets.leave()
                .timeout(PATIENCE)
                .onErrorResume(_ -> Mono.empty()) // Those that are left are cut off with the server.
                .subscribe(null, null, stopped);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
