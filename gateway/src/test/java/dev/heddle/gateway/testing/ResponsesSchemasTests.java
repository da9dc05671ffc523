package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.gateway.testing.ResponsesSchemas.Body;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Both descriptions are really asked, and the sample that proves the grammar is what they describe. */
class ResponsesSchemasTests {
    private static final int COMPLETED = 38;

    @BeforeEach
    void descriptions() {
        assumeTrue(
                ResponsesSchemas.OPENAI.isPresent() && ResponsesSchemas.OPEN.isPresent(),
                "shared/spec was not found above the project: schemas of responses are not checked");
    }

    @Test
    void everyEventOfTheSampleIsDescribed() {
        SampleStream.whole().events().forEach(event -> ResponsesSchemas.checkEvent(event.json()));
    }

    @ParameterizedTest
    @CsvSource({
        // Required by both, by OpenAI alone, and by Open Responses alone.
        "0, /response/model",
        "38, /response/usage/input_tokens_details/cache_write_tokens",
        "0, /response/presence_penalty",
        "12, /item_id",
        "28, /name",
        "15, /logprobs",
        "16, /part/annotations",
        "24, /sequence_number",
    })
    void anEventWithoutWhatADescriptionRequiresIsRefused(int number, String path) {
        var event = SampleStream.whole().remove(number, path).event(number);

        assertThatThrownBy(() -> ResponsesSchemas.checkEvent(event))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(path.substring(path.lastIndexOf('/') + 1));
    }

    @Test
    void anEventThatNobodyDescribesIsRefused() {
        var event = SampleStream.whole().set(5, "/type", "response.cancelled").event(5);

        assertThatThrownBy(() -> ResponsesSchemas.checkEvent(event))
                .hasMessageContaining("no event response.cancelled");
    }

    @Test
    void whereTheDescriptionsContradictEachOtherOpenAisFormIsTaken() {
        var format = Map.of(
                "type",
                "json_schema",
                "name",
                "n",
                "strict",
                true,
                "description",
                "d",
                "schema",
                Map.of("type", "object"));
        var response = (ObjectNode) SampleStream.whole()
                .set(COMPLETED, "/response/text/format", format)
                .set(COMPLETED, "/response/tool_choice", Map.of("type", "mcp", "server_label", "tools"))
                .event(COMPLETED)
                .get("response");

        assertThatCode(() -> ResponsesSchemas.check(Body.RESPONSE, response)).doesNotThrowAnyException();
        assertThatThrownBy(() -> ResponsesSchemas.check(Body.RESPONSE, response.put("status", 1)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void errorsHaveAllFourMembers() {
        var error = TestClient.JSON.readTree("{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null}}");

        assertThatThrownBy(() -> ResponsesSchemas.check(Body.ERROR, error)).hasMessageContaining("code");
    }
}
