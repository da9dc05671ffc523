package dev.heddle.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTests {
    @ParameterizedTest
    @ValueSource(strings = {"", " token", "~", "\"", "a\\b", "line\n", "\u0001", "\u007f", "é", "字", "🧵"})
    void anEscapedTextBetweenQuotesIsTheTextInJson(String text) {
        byte[] escaped = Json.escaped(text);

        assertThat("\"" + new String(escaped, StandardCharsets.UTF_8) + "\"").isEqualTo(Json.text(text));
    }
}
