package dev.heddle.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorReaderTests {
    private final ErrorReader errors = new ErrorReader("secret-123");

    @Test
    void theErrorOfMostServers() {
        var error = read("""
                {"error":{"message":"Too many\\n tokens","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}}""");

        assertThat(error)
                .isEqualTo(new UpstreamError("Too many tokens", "invalid_request_error", "context_length_exceeded"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":\"broken\"}",
                "{\"object\":\"error\",\"message\":\"broken\"}",
                "{\"detail\":\"broken\"}",
                "[{\"error\":{\"code\":400,\"message\":\"broken\"}}]",
                "{\"error\":{\"details\":[{\"message\":\"other\"}],\"message\":\"broken\"}}"
            })
    void theErrorsOfOthers(String body) {
        assertThat(read(body).message()).isEqualTo("broken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{\"error\":", "7", "null", "[]", "{\"error\":null}", "{\"choices\":[]}"})
    void whatSaysNothingIsUnsaid(String body) {
        assertThat(read(body)).isEqualTo(UpstreamError.UNSAID);
    }

    @Test
    void keysAreHidden() {
        var error = read("{\"error\":\"Incorrect key sk-ab*c-1 or secret-123, sent as Bearer xyz\"}");

        assertThat(error.message()).isEqualTo("Incorrect key [key] or [key], sent as [key]");
    }

    @Test
    void longMessagesAreCut() {
        var error = read("{\"error\":\"" + "x".repeat(298) + "🧵🧵\"}");

        assertThat(error.message()).hasSize(300).endsWith("x\uFFFD…");
    }

    private UpstreamError read(String body) {
        return errors.read(body.getBytes(UTF_8));
    }
}
