package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An ownership that can be out of reach for a while. One thread at a time. */
final class ScriptedOwnership implements Ownership {
    private final Ownership ownership;
    private int failures;
    private int claims;
    private int lookUps;

    ScriptedOwnership(Ownership ownership) {
        this.ownership = ownership;
    }

    void failNext(int times) {
        failures = times;
    }

    /** How often a thread was asked for. */
    int claims() {
        return claims;
    }

    @Override
    public Mono<OwnedThread> own(ThreadKey thread, boolean anew) {
        return Mono.defer(() -> {
            claims++;
            return attempt().then(ownership.own(thread, anew));
        });
    }

    /** How often a thread's runs were asked for. */
    int lookUps() {
        return lookUps;
    }

    @Override
    public Mono<List<ActiveRun>> activeRuns(ThreadKey thread) {
        return Mono.defer(() -> {
            lookUps++;
            return attempt().then(ownership.activeRuns(thread));
        });
    }

    @Override
    public Flux<ThreadKey> unattended() {
        return Flux.defer(() -> attempt().thenMany(ownership.unattended()));
    }

    private Mono<Void> attempt() {
        if (failures == 0) {
            return Mono.empty();
        }
        failures--;
        return Mono.error(new IllegalStateException("The database is away"));
    }
}
