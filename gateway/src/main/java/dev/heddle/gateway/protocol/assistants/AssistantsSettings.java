package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.lane.Strategy;
import java.time.Duration;

/**
 * How this facade behaves where OpenAI leaves a choice.
 *
 * @param strategy what a run does beside active runs of its thread, when its request does not say
 * @param whileActive whether messages may be added while runs of their thread are active
 * @param pollAfter how soon pollers are told to ask for an active run again
 * @param runExpiry how long a run may work; must be what admission and lanes use
 * @param maxRunningRuns how many runs of a thread may work at once; must be what lanes use
 */
public record AssistantsSettings(
        Strategy strategy, WhileActive whileActive, Duration pollAfter, Duration runExpiry, int maxRunningRuns) {
    private static final Duration POLL_AFTER = Duration.ofMillis(100);

    /** Runs work beside one another. */
    public static AssistantsSettings open(Duration runExpiry, int maxRunningRuns) {
        return new AssistantsSettings(Strategy.CONCURRENT, WhileActive.ALLOW, POLL_AFTER, runExpiry, maxRunningRuns);
    }

    /** One run at a time and no messages meanwhile, as OpenAI has it. */
    public static AssistantsSettings strict(Duration runExpiry, int maxRunningRuns) {
        return new AssistantsSettings(Strategy.REJECT, WhileActive.REJECT, POLL_AFTER, runExpiry, maxRunningRuns);
    }
}
