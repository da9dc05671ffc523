package dev.heddle.gateway.protocol.assistants;

import dev.heddle.streaming.lane.Strategy;
import java.time.Duration;

/**
 * How this facade behaves where OpenAI leaves a choice.
 *
 * @param strategy what a run does beside active runs of its thread, when its request does not say
 * @param pollAfter how soon pollers are told to ask for an active run again
 * @param runExpiry how long a run may work; must be what admission and lanes use
 */
public record AssistantsSettings(Strategy strategy, Duration pollAfter, Duration runExpiry) {
    /** Runs work beside one another. */
    public static final AssistantsSettings OPEN =
            new AssistantsSettings(Strategy.CONCURRENT, Duration.ofMillis(100), Duration.ofMinutes(10));

    /** One run at a time, as OpenAI has it. */
    public static final AssistantsSettings STRICT =
            new AssistantsSettings(Strategy.REJECT, OPEN.pollAfter(), OPEN.runExpiry());
}
