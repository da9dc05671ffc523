package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame of every golden stream is an event as OpenAI describes it. */
class OpenAiSchemaTests {
    @ParameterizedTest
    @MethodSource("streams")
    void framesAreEventsOfTheApi(String stream) {
        Pattern.compile("\n\n").splitAsStream(Golden.read(stream)).forEach(OpenAiSchema::checkFrame);
    }

    @Test
    void theSchemaIsReallyAsked() {
        OpenAiSchema.check(
                "ErrorResponse", "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":null}}");

        assertThatThrownBy(() -> OpenAiSchema.check("ErrorResponse", "{\"error\":{\"message\":\"m\",\"type\":\"t\"}}"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("param");
    }

    static Stream<String> streams() {
        return Golden.names().stream();
    }
}
