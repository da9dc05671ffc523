package dev.heddle.gateway.model;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import dev.heddle.gateway.engine.TokenCounter;

/**
 * Counts with the vocabularies of OpenAI's models; one of the newer ones where the name is not theirs. They are loaded
 * when they are first needed: each takes some megabytes.
 */
public final class BpeTokens implements TokenCounter {
    private final EncodingRegistry encodings = Encodings.newLazyEncodingRegistry();

    @Override
    public int tokens(String model, String text) {
        return encoding(model).countTokensOrdinary(text);
    }

    private Encoding encoding(String model) {
        return encodings.getEncodingForModel(model).orElseGet(() -> encodings.getEncoding(EncodingType.O200K_BASE));
    }
}
