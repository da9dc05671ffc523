package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.ContextLimits;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how much of its thread a run may show to its model. */
final class LimitsRequest {
    private static final String LAST = "last_messages";
    private static final int MIN_TOKENS = 256;

    private LimitsRequest() {}

    static ContextLimits read(JsonFields fields) {
        var tokens = fields.integer("max_prompt_tokens", MIN_TOKENS, Integer.MAX_VALUE);
        return new ContextLimits(tokens.orElse(null), lastMessages(fields));
    }

    private static @Nullable Integer lastMessages(JsonFields fields) {
        return fields.object("truncation_strategy")
                .map(strategy -> lastMessagesOf(strategy.only(Set.of("type", LAST))))
                .orElse(null);
    }

    private static @Nullable Integer lastMessagesOf(JsonFields strategy) {
        boolean auto = strategy.requiredOneOf("type", List.of("auto", LAST)).equals("auto");
        var last = strategy.integer(LAST, 1, Integer.MAX_VALUE);
        if (auto && last.isPresent()) {
            throw Invalid.because(strategy.path(LAST), "it is for the type 'last_messages' only.");
        }
        if (!auto && last.isEmpty()) {
            throw Invalid.missing(strategy.path(LAST));
        }
        return last.orElse(null);
    }
}
