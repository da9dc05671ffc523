package dev.heddle.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.AbandonedRuns;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;
import reactor.core.publisher.Mono;

class AbandonedRunsLifecycleTests {
    private final List<RunKey> asked = new ArrayList<>();
    private final AbandonedRuns abandoned = new AbandonedRuns(run -> {
        asked.add(run);
        return Mono.empty();
    });

    @Test
    void connectionsThatAShutdownCutsStopNoRun() {
        var whileServing = run();
        try (var context = new GenericApplicationContext()) {
            context.registerBean(AbandonedRunsLifecycle.class, () -> new AbandonedRunsLifecycle(abandoned));
            context.registerBean(CuttingServer.class, () -> new CuttingServer(abandoned));
            context.refresh();
            abandoned.stop(whileServing);
        }

        assertThat(asked).containsExactly(whileServing);
    }

    private static RunKey run() {
        return new RunKey(new ThreadKey(TenantId.DEFAULT, ThreadId.fresh()), 1, RunId.fresh());
    }

    /** Cuts connections as soon as it is to stop, as sockets and the web server do. */
    private static final class CuttingServer implements SmartLifecycle {
        private final AbandonedRuns abandoned;
        private boolean running;

        CuttingServer(AbandonedRuns abandoned) {
            this.abandoned = abandoned;
        }

        @Override
        public int getPhase() {
            return DEFAULT_PHASE - 1; // As sockets are; the web server comes later.
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            abandoned.stop(run());
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
