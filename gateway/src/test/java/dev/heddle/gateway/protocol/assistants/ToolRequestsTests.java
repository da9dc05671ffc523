package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.POST;

import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What runs may say about tools and about their context, and what they may not. */
class ToolRequestsTests {
    private static final String FUNCTION = "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}";

    private final Facade facade = Facade.open();
    private final String runs = "/v1/threads/" + facade.newThread() + "/runs";
    private final String assistant =
            facade.post("/v1/assistants", """
            {"model":"demo","tools":[{"type":"function","function":{"name":"own","parameters":{"type":"object"}}}]}
            """).get("id").stringValue();

    @Test
    void aRunOffersItsAssistantsTools() {
        var run = post("");

        OpenAiSchema.check("RunObject", run.toString());
        assertThat(run.at("/tools/0/function").toString())
                .isEqualTo("{\"name\":\"own\",\"parameters\":{\"type\":\"object\"}}");
        assertThat(run.get("tool_choice").stringValue()).isEqualTo("auto");
        assertThat(run.get("parallel_tool_calls").booleanValue()).isTrue();
        assertThat(run.get("truncation_strategy").toString()).isEqualTo("{\"type\":\"auto\",\"last_messages\":null}");
        assertThat(run.get("max_prompt_tokens").isNull()).isTrue();
    }

    @Test
    void whatARunSaysIsFrozenAndShown() {
        var run = post("""
                ,"tools":[%s],"tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,
                 "max_prompt_tokens":256,"max_completion_tokens":512,
                 "truncation_strategy":{"type":"last_messages","last_messages":3}
                """.formatted(FUNCTION));

        OpenAiSchema.check("RunObject", run.toString());
        assertThat(run.get("tools").toString()).isEqualTo("[" + FUNCTION + "]");
        assertThat(run.get("tool_choice").toString()).isEqualTo(FUNCTION);
        assertThat(run.get("parallel_tool_calls").booleanValue()).isFalse();
        assertThat(run.get("max_prompt_tokens").intValue()).isEqualTo(256);
        assertThat(run.get("max_completion_tokens").intValue()).isEqualTo(512);
        assertThat(run.get("truncation_strategy").toString())
                .isEqualTo("{\"type\":\"last_messages\",\"last_messages\":3}");
        var spec = facade.store.runs.values().iterator().next().spec();
        assertThat(spec.toolUse())
                .isEqualTo(new ToolUse(
                        List.of(new FunctionTool("f", null, null, null)), new ToolChoice.Named("f"), false));
        assertThat(spec.limits()).isEqualTo(new ContextLimits(256, 3));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "'tools':[] | [] | auto",
                "'tools':null,'tool_choice':null | own | auto",
                "'tool_choice':'none' | own | none",
                "'tool_choice':'required' | own | required",
                "'tools':[],'tool_choice':'none' | [] | none",
                "'truncation_strategy':{'type':'auto','last_messages':null} | own | auto",
            })
    void whatAsksForNothingIsAccepted(String more, String tools, String choice) {
        var run = post("," + more.replace('\'', '"'));

        OpenAiSchema.check("RunObject", run.toString());
        assertThat(run.get("tools").toString()).contains(tools);
        assertThat(run.get("tool_choice").stringValue()).isEqualTo(choice);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "'tools':{} | invalid_type | tools | Invalid type for 'tools': expected an array, but got an object instead.",
                "'tools':['f'] | invalid_type | tools[0] | Invalid type for 'tools[0]': expected an object, but got a string instead.",
                "'tools':[{}] | missing_required_parameter | tools[0].type | Missing required parameter: 'tools[0].type'.",
                "'tools':[{'type':'web'}] | invalid_value | tools[0].type | Invalid value: 'web'. Supported values are: 'function', 'code_interpreter', and 'file_search'.",
                "'tools':[FN,{'type':'code_interpreter'}] | unsupported_tool | tools[1].type | The tool 'code_interpreter' is not supported: Heddle runs no code that a model wrote. Offer a function of your own instead.",
                "'tools':[{'type':'file_search','file_search':{}}] | unsupported_tool | tools[0].type | The tool 'file_search' is not supported: Heddle keeps no files. Offer a function that searches yours instead.",
                "'tools':[{'type':'function'}] | missing_required_parameter | tools[0].function | Missing required parameter: 'tools[0].function'.",
                "'tools':[{'type':'function','function':{}}] | missing_required_parameter | tools[0].function.name | Missing required parameter: 'tools[0].function.name'.",
                "'tools':[{'type':'function','function':{'name':''}}] | invalid_value | tools[0].function.name | Invalid 'tools[0].function.name': only letters, digits, '_' and '-' are allowed.",
                "'tools':[{'type':'function','function':{'name':'a b'}}] | invalid_value | tools[0].function.name | Invalid 'tools[0].function.name': only letters, digits, '_' and '-' are allowed.",
                "'tools':[{'type':'function','function':{'name':'LONG'}}] | string_above_max_length | tools[0].function.name | Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
                "'tools':[{'type':'function','function':{'name':'f','parameters':[]}}] | invalid_type | tools[0].function.parameters | Invalid type for 'tools[0].function.parameters': expected an object, but got an array instead.",
                "'tools':[{'type':'function','function':{'name':'f','strict':'no'}}] | invalid_type | tools[0].function.strict | Invalid type for 'tools[0].function.strict': expected a boolean, but got a string instead.",
                "'tools':[{'type':'function','function':{'name':'f','x':1}}] | unknown_parameter | tools[0].function.x | Unknown parameter: 'tools[0].function.x'.",
                "'tools':[FN,FN] | invalid_value | tools[1].function.name | Invalid 'tools[1].function.name': there are two functions named 'f'.",
                "'tool_choice':'any' | invalid_value | tool_choice | Invalid value: 'any'. Supported values are: 'none', 'auto', and 'required'.",
                "'tool_choice':7 | invalid_type | tool_choice | Invalid type for 'tool_choice': expected a string or an object, but got an integer instead.",
                "'tool_choice':{'type':'file_search'} | unsupported_tool | tool_choice.type | The tool 'file_search' is not supported: Heddle keeps no files. Offer a function that searches yours instead.",
                "'tool_choice':{'type':'code_interpreter'} | unsupported_tool | tool_choice.type | The tool 'code_interpreter' is not supported: Heddle runs no code that a model wrote. Offer a function of your own instead.",
                "'tool_choice':{'type':'function'} | missing_required_parameter | tool_choice.function | Missing required parameter: 'tool_choice.function'.",
                "'tool_choice':{'type':'function','function':{'name':'f'}} | invalid_value | tool_choice | Invalid 'tool_choice': the run offers no function named 'f'.",
                "'tools':[],'tool_choice':'required' | invalid_value | tool_choice | Invalid 'tool_choice': a tool is required, and the run offers none.",
                "'tools':[FN],'tool_choice':{'type':'function','function':{'name':'own'}} | invalid_value | tool_choice | Invalid 'tool_choice': the run offers no function named 'own'.",
                "'parallel_tool_calls':1 | invalid_type | parallel_tool_calls | Invalid type for 'parallel_tool_calls': expected a boolean, but got an integer instead.",
                "'max_prompt_tokens':255 | integer_below_min_value | max_prompt_tokens | Invalid 'max_prompt_tokens': integer below minimum value. Expected a value >= 256, but got 255 instead.",
                "'truncation_strategy':'auto' | invalid_type | truncation_strategy | Invalid type for 'truncation_strategy': expected an object, but got a string instead.",
                "'truncation_strategy':{} | missing_required_parameter | truncation_strategy.type | Missing required parameter: 'truncation_strategy.type'.",
                "'truncation_strategy':{'type':'last'} | invalid_value | truncation_strategy.type | Invalid value: 'last'. Supported values are: 'auto' and 'last_messages'.",
                "'truncation_strategy':{'type':'last_messages'} | missing_required_parameter | truncation_strategy.last_messages | Missing required parameter: 'truncation_strategy.last_messages'.",
                "'truncation_strategy':{'type':'last_messages','last_messages':0} | integer_below_min_value | truncation_strategy.last_messages | Invalid 'truncation_strategy.last_messages': integer below minimum value. Expected a value >= 1, but got 0 instead.",
                "'truncation_strategy':{'type':'auto','last_messages':2} | invalid_value | truncation_strategy.last_messages | Invalid 'truncation_strategy.last_messages': it is for the type 'last_messages' only.",
            })
    void aWrongWishIsRefusedByNameAndLeavesNoTrace(String more, String code, String param, String message) {
        var error = facade.refused(400, POST, runs, body("," + spelt(more)));

        assertThat(error.get("message").stringValue()).isEqualTo(message);
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("param").stringValue()).isEqualTo(param);
        assertThat(facade.store.runs).isEmpty();
    }

    @Test
    void thereAreAtMost128Tools() {
        assertThat(post(",\"tools\":[" + functions(128) + "]").get("tools").size())
                .isEqualTo(128);
        assertThat(facade.refused(400, POST, runs, body(",\"tools\":[" + functions(129) + "]"))
                        .get("message")
                        .stringValue())
                .isEqualTo("Invalid 'tools': array too long. Expected an array with maximum length 128, but got an"
                        + " array with length 129 instead.");
    }

    private static String spelt(String json) {
        return json.replace('\'', '"').replace("FN", FUNCTION).replace("LONG", "x".repeat(65));
    }

    private static String functions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> FUNCTION.replace("\"f\"", "\"f" + i + "\""))
                .collect(Collectors.joining(","));
    }

    private JsonNode post(String more) {
        return facade.post(runs, body(more));
    }

    private String body(String more) {
        return "{\"assistant_id\":\"" + assistant + "\"" + more + "}";
    }
}
