package dev.heddle.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegalArgumentsTests {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    {"a": 1}      | {"a": 1}
                    ''            | {}
                    '  '          | {}
                    {"a": 1       | {"invalid_arguments":"{\\"a\\": 1"}
                    {"a":1} {}    | {"invalid_arguments":"{\\"a\\":1} {}"}
                    [1]           | {"invalid_arguments":"[1]"}
                    Paris         | {"invalid_arguments":"Paris"}
                    """)
    void whatAModelWroteIsAlwaysAnObject(String written, String sent) {
        assertThat(LegalArguments.of(written)).isEqualTo(sent);
    }
}
