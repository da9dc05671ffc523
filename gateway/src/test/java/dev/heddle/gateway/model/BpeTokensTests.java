package dev.heddle.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTokensTests {
    private final BpeTokens tokens = new BpeTokens();

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o", "gpt-4", "llama-3.1-70b", ""})
    void anyModelsTextIsCounted(String model) {
        assertThat(tokens.tokens(model, "The heddle keeps every thread in its place."))
                .isBetween(8, 12);
        assertThat(tokens.tokens(model, "")).isZero();
    }

    /** What is certain to fit is never counted: that stands on this. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o", "gpt-4"})
    void noTextHasMoreTokensThanBytes(String model) {
        for (String text :
                List.of("a b c", "Größe", "🧵🪡", "\u0000\u0001\uFFFF", "<|endoftext|>", "שלום עולם", "  \n\t ")) {
            assertThat(tokens.tokens(model, text)).isLessThanOrEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }
}
