package dev.heddle.gateway.protocol.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Conduct;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of each message of a client, and of what is no message. */
class SocketRequestTests {
    private static final RunId PARENT = RunId.fresh();

    @Test
    void aRequestForAResponseAlwaysStreamsAndIsNeverOfTheBackground() {
        var create = created("\"stream_id\":\"a\"");

        assertThat(create.stream()).isEqualTo("a");
        assertThat(create.wish().echo())
                .extracting(Echo::stream, Echo::background)
                .containsExactly(true, false);
        assertThat(create.wish().spec().conduct()).isEqualTo(Conduct.ENDING);
    }

    @Test
    void withoutANameItIsOfTheDefaultStream() {
        assertThat(created("\"store\":false").stream()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "generate":false | PREPARING
            "generate":true  | ENDING
            "generate":null  | ENDING
            """)
    void itMayAskForPreparationOnly(String member, String conduct) {
        var expected = conduct.equals("PREPARING") ? Conduct.PREPARING : Conduct.ENDING;

        assertThat(created(member).wish().spec().conduct()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"stream\":true", "\"background\":false", "\"stream\":null,\"background\":null"})
    void whatIsSoAnywayMayBeSaid(String members) {
        assertThat(created(members).wish().echo())
                .extracting(Echo::stream, Echo::background)
                .containsExactly(true, false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "background":true        | unsupported_parameter  | background
            "stream":false           | unsupported_parameter  | stream
            "stream":1               | invalid_type           | stream
            "generate":"no"          | invalid_type           | generate
            "on_disconnect":"cancel" | unknown_parameter      | on_disconnect
            "colour":"red"           | unknown_parameter      | colour
            "temperature":3          | decimal_above_max_value | temperature
            "previous_response_id":"resp_x" | previous_response_not_found | previous_response_id
            """)
    void whatIsWrongWithARequestIsToldOnItsStream(String member, String code, String param) {
        var refused = refused(message("\"stream_id\":\"a\"," + member));

        assertThat(refused.stream()).isEqualTo("a");
        assertProblem(refused, code, param);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"a b\"", "\"\u00e4\"", "\"a/b\"", "null", "7", "true", "{}", "[\"a\"]"})
    void aBadNameIsOfNoStream(String name) {
        var refused = refused(message("\"stream_id\":" + name));

        assertThat(refused.stream()).isEmpty();
        assertProblem(refused, "invalid_stream_id", "stream_id");
    }

    @Test
    void aNameHasTwoHundredAndFiftySixCharactersAtMost() {
        assertThat(created("\"stream_id\":\"" + "x".repeat(256) + "\"").stream())
                .hasSize(256);
        assertProblem(refused(message("\"stream_id\":\"" + "x".repeat(257) + "\"")), "invalid_stream_id", "stream_id");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense             | ''                         | ''
            {} {}                | ''                         | ''
            [1]                  | invalid_type               | body
            {}                   | missing_required_parameter | type
            {"type":7}           | invalid_type               | type
            {"type":"response.undo"} | invalid_value          | type
            """)
    void whatIsNoRequestIsRefused(String message, String code, String param) {
        assertProblem(refused(message), code, param);
    }

    @Test
    void aRefusalTellsWhatItWasToGoOnFrom() {
        String parent = "\"previous_response_id\":\"" + OpenAiIds.response(PARENT) + "\"";

        assertThat(refused(message(parent + ",\"temperature\":3")).parent()).contains(PARENT);
        assertThat(refused(message("\"temperature\":3")).parent()).isEqualTo(Optional.empty());
        assertThat(refused(message("\"previous_response_id\":7")).parent()).isEqualTo(Optional.empty());
    }

    @Test
    void aRequestToSteerKeepsWhatItSays() {
        var steer = (SocketRequest.Steer) read("""
                {"type":"response.steer","stream_id":"a","previous_response_id":"resp_1","input":[{"role":"user"}]}""");

        assertThat(steer.stream()).isEqualTo("a");
        assertThat(steer.parent().stringValue()).isEqualTo("resp_1");
        assertThat(steer.input().isArray()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "input":"Left!"                                   | missing_required_parameter | previous_response_id
            "previous_response_id":"resp_1"                   | missing_required_parameter | input
            "previous_response_id":1,"input":"Left!"          | invalid_type               | previous_response_id
            "previous_response_id":"r","input":"x","store":true | unknown_parameter        | store
            """)
    void aBadRequestToSteerIsRefused(String members, String code, String param) {
        assertProblem(refused("{\"type\":\"response.steer\"," + members + "}"), code, param);
    }

    private static String message(String members) {
        return "{\"type\":\"response.create\",\"model\":\"m\",\"input\":\"Hi\"," + members + "}";
    }

    private static SocketRequest.Create created(String members) {
        return (SocketRequest.Create) read(message(members));
    }

    private static SocketRequest.Refused refused(String message) {
        return (SocketRequest.Refused) read(message);
    }

    private static SocketRequest read(String message) {
        return SocketRequest.read(message.getBytes(UTF_8));
    }

    private static void assertProblem(SocketRequest.Refused refused, String code, String param) {
        var problem = (Problem.InvalidRequest) refused.problem();
        assertThat(problem)
                .extracting(Problem.InvalidRequest::code, Problem.InvalidRequest::param)
                .containsExactly(code, param);
    }
}
