package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.Compat;
import dev.heddle.gateway.http.KeyDefaults;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.lane.Strategy;
import java.time.Duration;

/**
 * How this facade behaves where OpenAI leaves a choice.
 *
 * @param compat whether a conversation takes several responses at once, or one at a time, as OpenAI has it
 * @param cancelWait how long a request to cancel waits for the response to end before it tells how it stands
 */
public record ResponsesSettings(Compat compat, Duration cancelWait) {
    private static final Duration CANCEL_WAIT = Duration.ofSeconds(5);

    public static ResponsesSettings of(Compat compat) {
        return new ResponsesSettings(compat, CANCEL_WAIT);
    }

    /** What a response does beside active ones of its conversation, where neither request nor conversation say. */
    Strategy strategy(KeyDefaults key) {
        return key.strategy().orElse(isStrict(key) ? Strategy.REJECT : Strategy.CONCURRENT);
    }

    /** What becomes of items that are added by hand while responses are active. */
    WhileActive whileActive(KeyDefaults key) {
        return isStrict(key) ? WhileActive.REJECT : WhileActive.ALLOW;
    }

    boolean isStrict(KeyDefaults key) {
        return key.compat().orElse(compat) == Compat.STRICT;
    }
}
