package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.TestGateway;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The longest input that is legal. */
@Timeout(180)
class ResponsesLargeInputIT {
    private static final int CHARACTERS = 10_485_760;

    @Test
    void aStringOfTenMillionCharactersIsTaken() {
        try (var gateway = TestGateway.start(Map.of("heddle.upstream.context-tokens", 100_000_000))) {
            var responses = new ResponsesClient(gateway.client());
            String input = "word ".repeat(CHARACTERS / 5);
            gateway.model().scriptFor("word", Script.saying("Much."));

            var response = responses.ask(input);

            assertThat(ResponsesClient.text(response)).isEqualTo("Much.");
            assertThat(gateway.model().prompts().getLast().question()).hasSize(CHARACTERS);
            assertThat(ResponsesClient.textOf(
                            responses.inputItems(id(response), "").at("/data/0")))
                    .hasSize(CHARACTERS);
        }
    }
}
