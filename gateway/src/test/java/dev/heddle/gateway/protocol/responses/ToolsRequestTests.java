package dev.heddle.gateway.protocol.responses;

import static dev.heddle.gateway.protocol.responses.CreateRequestTests.assertRefused;
import static dev.heddle.gateway.protocol.responses.CreateRequestTests.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request says about its tools and its texts. */
class ToolsRequestTests {
    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"name\":\"f\"}," + "{\"type\":\"function\",\"name\":\"g\"}]";

    @Test
    void withoutToolsThereAreNone() {
        assertThat(read("{}")).isEqualTo(ToolUse.NONE);
        assertThat(read("{\"tools\":[],\"tool_choice\":null}")).isEqualTo(ToolUse.NONE);
    }

    @Test
    void aFunctionIsKeptAsItIsOffered() {
        var use = read("""
                {"tools":[{"type":"function","name":"f","description":"Does.","parameters":{"type":"object"},
                 "strict":true},{"type":"function","name":"g"}],"parallel_tool_calls":false,"max_tool_calls":3}""");

        assertThat(use)
                .isEqualTo(new ToolUse(
                        List.of(
                                new FunctionTool("f", "Does.", "{\"type\":\"object\"}", true),
                                new FunctionTool("g", null, null, null)),
                        ToolChoice.AUTO,
                        false,
                        3));
    }

    @Test
    void aChoiceIsAWordOrNamesFunctionsThatAreOffered() {
        assertThat(choice("\"auto\"")).isEqualTo(ToolChoice.AUTO);
        assertThat(choice("\"none\"")).isEqualTo(new ToolChoice.None());
        assertThat(choice("\"required\"")).isEqualTo(new ToolChoice.Required());
        assertThat(choice("{\"type\":\"function\",\"name\":\"g\"}")).isEqualTo(new ToolChoice.Named("g"));
        String functions = "\"tools\":[{\"type\":\"function\",\"name\":\"g\"},{\"type\":\"function\",\"name\":\"g\"}]";
        assertThat(choice("{\"type\":\"allowed_tools\",\"mode\":\"auto\"," + functions + "}"))
                .isEqualTo(new ToolChoice.Allowed(List.of("g"), false));
        assertThat(choice("{\"type\":\"allowed_tools\",\"mode\":\"required\"," + functions + "}"))
                .isEqualTo(new ToolChoice.Allowed(List.of("g"), true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "tools":{}                            | invalid_type               | tools
            "tools":[{}]                          | missing_required_parameter | tools[0].type
            "tools":[{"type":"web_search"}]       | unsupported_tool           | tools[0].type
            "tools":[{"type":"function"}]         | missing_required_parameter | tools[0].name
            "tools":[{"type":"function","name":"f g"}] | invalid_value         | tools[0].name
            "tools":[{"type":"function","function":{"name":"f"}}] | unknown_parameter | tools[0].function
            "tools":[{"type":"function","name":"f","strict":1}] | invalid_type | tools[0].strict
            "tools":[{"type":"function","name":"f","parameters":[]}] | invalid_type | tools[0].parameters
            "tools":[{"type":"function","name":"f"},{"type":"function","name":"f"}] | invalid_value | tools[1].name
            "tool_choice":7                       | invalid_type               | tool_choice
            "tool_choice":"all"                   | invalid_value              | tool_choice
            "tool_choice":"required"              | invalid_value              | tool_choice
            "tool_choice":{}                      | missing_required_parameter | tool_choice.type
            "tool_choice":{"type":"web_search"}   | unsupported_tool           | tool_choice.type
            "tool_choice":{"type":"function","name":"f"} | invalid_value       | tool_choice.name
            "tool_choice":{"type":"allowed_tools","tools":[]} | missing_required_parameter | tool_choice.mode
            "tool_choice":{"type":"allowed_tools","mode":"none"} | invalid_value | tool_choice.mode
            "tool_choice":{"type":"allowed_tools","mode":"auto","tools":[]} | empty_array | tool_choice.tools
            "tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]} | invalid_value | tool_choice.tools[0].name
            "parallel_tool_calls":"yes"           | invalid_type               | parallel_tool_calls
            "text":"json"                         | invalid_type               | text
            "text":{"colour":"red"}               | unknown_parameter          | text.colour
            "text":{"verbosity":"loud"}           | invalid_value              | text.verbosity
            "text":{"format":{}}                  | missing_required_parameter | text.format.type
            "text":{"format":{"type":"xml"}}      | invalid_value              | text.format.type
            "text":{"format":{"type":"text","name":"n"}} | unknown_parameter   | text.format.name
            "text":{"format":{"type":"json_object","schema":{}}} | unknown_parameter | text.format.schema
            "text":{"format":{"type":"json_schema","schema":{}}} | missing_required_parameter | text.format.name
            "text":{"format":{"type":"json_schema","name":"n"}} | missing_required_parameter | text.format.schema
            "text":{"format":{"type":"json_schema","name":"n","schema":[]}} | invalid_type | text.format.schema
            "text":{"format":{"type":"json_schema","name":"n","schema":{},"strict":1}} | invalid_type | text.format.strict
            """)
    void whatIsWrongIsRefusedByName(String members, String code, String param) {
        assertRefused(with(members), code, param);
    }

    @Test
    void thereAreOneHundredAndTwentyEightToolsAtMost() {
        String tools = IntStream.range(0, 129)
                .mapToObj(i -> "{\"type\":\"function\",\"name\":\"f" + i + "\"}")
                .collect(Collectors.joining(","));

        assertRefused(with("\"tools\":[" + tools + "]"), "array_above_max_length", "tools");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            {}                                                      | -                        | {"format":{"type":"text"}}
            {"text":{}}                                             | -                        | {"format":{"type":"text"}}
            {"text":{"format":{"type":"text"},"verbosity":"low"}}   | -                        | {"format":{"type":"text"},"verbosity":"low"}
            {"text":{"format":{"type":"json_object"}}}              | {"type":"json_object"}   | {"format":{"type":"json_object"}}
            {"text":{"format":{"type":"json_schema","name":"n","schema":{"a":1}}}} | {"type":"json_schema","json_schema":{"name":"n","schema":{"a":1}}} | {"format":{"type":"json_schema","name":"n","schema":{"a":1},"strict":null}}
            {"text":{"format":{"type":"json_schema","name":"n","description":"d","schema":{},"strict":true}}} | {"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{},"strict":true}} | {"format":{"type":"json_schema","name":"n","description":"d","schema":{},"strict":true}}
            """)
    void aFormIsToldToTheModelAsChatCompletionsHaveItAndShownAsItWasAsked(String body, String format, String shown) {
        var text = TextRequest.read(JsonFields.ofBody(body.getBytes(UTF_8)));

        assertThat(text.format()).isEqualTo(format);
        assertThat(text.shown()).hasToString(shown);
    }

    private static ToolChoice choice(String choice) {
        return read("{" + TOOLS + ",\"tool_choice\":" + choice + "}").choice();
    }

    private static ToolUse read(String body) {
        return ToolsRequest.read(JsonFields.ofBody(body.getBytes(UTF_8)));
    }
}
