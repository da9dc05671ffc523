package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.Compat;
import dev.heddle.gateway.http.KeyDefaults;
import dev.heddle.gateway.http.OnActiveRun;
import dev.heddle.streaming.lane.Strategy;
import java.time.Duration;

/**
 * How this facade behaves where OpenAI leaves a choice.
 *
 * @param compat whether runs work beside one another, or one at a time and without messages meanwhile, as OpenAI has it
 * @param pollAfter how soon pollers are told to ask for an active run again
 * @param runExpiry how long a run may work; must be what admission and lanes use
 * @param maxRunningRuns how many runs of a thread may work at once; must be what lanes use
 */
public record AssistantsSettings(Compat compat, Duration pollAfter, Duration runExpiry, int maxRunningRuns) {
    private static final Duration POLL_AFTER = Duration.ofMillis(100);

    public static AssistantsSettings of(Compat compat, Duration runExpiry, int maxRunningRuns) {
        return new AssistantsSettings(compat, POLL_AFTER, runExpiry, maxRunningRuns);
    }

    /** What a run does beside active runs, where neither its request nor its assistant nor its thread says. */
    Strategy strategy(KeyDefaults key) {
        return key.strategy().orElseGet(() -> switch (compat(key)) {
            case OPEN -> Strategy.CONCURRENT;
            case STRICT -> Strategy.REJECT;
        });
    }

    /** What becomes of a message that comes while runs are active, where its request does not say. */
    OnActiveRun onActiveRun(KeyDefaults key) {
        return key.onActiveRun().orElseGet(() -> switch (compat(key)) {
            case OPEN -> OnActiveRun.ALLOW;
            case STRICT -> OnActiveRun.REJECT;
        });
    }

    private Compat compat(KeyDefaults key) {
        return key.compat().orElse(compat);
    }
}
