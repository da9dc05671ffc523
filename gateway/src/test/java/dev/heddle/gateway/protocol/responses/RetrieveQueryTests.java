package dev.heddle.gateway.protocol.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.ServerRequest;

/** The query of a request for one response. */
class RetrieveQueryTests {
    @Test
    void withoutAQueryNothingIsStreamed() {
        assertThat(read("")).isEqualTo(new RetrieveQuery(false, -1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stream=false                              | false | -1
            stream=true                               | true  | -1
            stream=true&starting_after=0              | true  | 0
            stream=true&starting_after=7              | true  | 7
            stream=true&starting_after=-1             | true  | -1
            stream=true&starting_after=-9             | true  | -1
            stream=true&starting_after=99999999999999999999 | true | 9223372036854775807
            include_obfuscation=true                  | false | -1
            include[]=reasoning.encrypted_content     | false | -1
            include=reasoning.encrypted_content       | false | -1
            """)
    void aQueryIsReadAsItIsMeant(String query, boolean stream, long after) {
        assertThat(read(query)).isEqualTo(new RetrieveQuery(stream, after));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stream=yes                          | invalid_value         | stream
            include_obfuscation=1               | invalid_value         | include_obfuscation
            starting_after=1                    | invalid_value         | starting_after
            stream=false&starting_after=1       | invalid_value         | starting_after
            stream=true&starting_after=one      | invalid_type          | starting_after
            stream=true&starting_after=1.5      | invalid_type          | starting_after
            include=everything                  | invalid_value         | include[0]
            include=message.output_text.logprobs | unsupported_parameter | include[0]
            """)
    void aBadQueryIsRefusedByName(String query, String code, String param) {
        assertThatThrownBy(() -> read(query))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat((Problem.InvalidRequest) refused.problem())
                                .extracting(Problem.InvalidRequest::code, Problem.InvalidRequest::param)
                                .containsExactly(code, param));
    }

    private static RetrieveQuery read(String query) {
        var url = URI.create("/v1/responses/resp_1?" + query.replace("[", "%5B").replace("]", "%5D"));
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.method(HttpMethod.GET, url));
        return RetrieveQuery.of(ServerRequest.create(exchange, List.<HttpMessageReader<?>>of()));
    }
}
