package dev.heddle.gateway.protocol.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.protocol.responses.CreateRequest.OnDisconnect;
import dev.heddle.persistence.Conduct;
import dev.heddle.persistence.Keeping;
import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.StringNode;

/** What a request to create a response becomes, and with which code and parameter a bad one is refused. */
class CreateRequestTests {
    private static final RunId PARENT = RunId.fresh();
    private static final ThreadId CONVERSATION = ThreadId.fresh();

    @Test
    void whatIsNotSaidHasItsDefault() {
        var wish = read("{\"model\":\"m\",\"input\":\"Hi\"}");
        var echo = wish.echo();

        assertThat(wish.spec())
                .isEqualTo(new RunSpec(
                        null,
                        "m",
                        "",
                        ModelOptions.DEFAULTS,
                        ToolUse.NONE,
                        new ContextLimits(null, null, true),
                        Conduct.ENDING,
                        echo.json()));
        assertThat(wish)
                .extracting(
                        CreateRequest::input,
                        CreateRequest::parent,
                        CreateRequest::conversation,
                        CreateRequest::metadata,
                        CreateRequest::strategy,
                        CreateRequest::onDisconnect,
                        CreateRequest::keeping)
                .containsExactly(
                        List.of(new InputItem.Given(Item.Message.of(Role.USER, "Hi"))),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Keeping.STORED);
        assertThat(echo)
                .isEqualTo(new Echo(
                        false,
                        false,
                        true,
                        null,
                        false,
                        null,
                        null,
                        echo.text(),
                        StringNode.valueOf("auto"),
                        "disabled",
                        null,
                        null,
                        null));
        assertThat(echo.text()).hasToString("{\"format\":{\"type\":\"text\"}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "instructions",
                "store",
                "metadata",
                "tools",
                "tool_choice",
                "parallel_tool_calls",
                "max_output_tokens",
                "max_tool_calls",
                "temperature",
                "top_p",
                "presence_penalty",
                "frequency_penalty",
                "top_logprobs",
                "text",
                "reasoning",
                "truncation",
                "include",
                "service_tier",
                "safety_identifier",
                "prompt_cache_key",
                "user",
                "context_management",
                "prompt",
                "moderation",
                "prompt_cache_options",
                "prompt_cache_retention",
                "stream",
                "stream_options",
                "background",
                "previous_response_id",
                "conversation",
                "multitask_strategy",
                "on_disconnect"
            })
    void nullIsTheDefaultToo(String member) {
        assertThat(read(with("\"" + member + "\":null"))).isEqualTo(read("{\"model\":\"m\",\"input\":\"Hi\"}"));
    }

    @Test
    void whatIsSaidIsKept() {
        var wish = read(with("""
                "instructions":"Be brief.","store":false,"background":true,"stream":true,"metadata":{"a":"1"},
                "max_output_tokens":16,"max_tool_calls":2,"temperature":0,"top_p":1,"presence_penalty":-2,
                "frequency_penalty":2,"top_logprobs":0,"truncation":"auto","parallel_tool_calls":false,
                "reasoning":{"effort":"low","summary":"auto"},"text":{"verbosity":"high"},"include":[],
                "service_tier":"auto","safety_identifier":"s","prompt_cache_key":"k","user":"u",
                "stream_options":{"include_obfuscation":true},"on_disconnect":"cancel","multitask_strategy":"enqueue"
                """));

        assertThat(wish.spec().instructions()).isEqualTo("Be brief.");
        assertThat(wish.spec().options()).isEqualTo(new ModelOptions(0.0, 1.0, 16, "low", null, -2.0, 2.0, "high"));
        assertThat(wish.spec().toolUse())
                .extracting(ToolUse::parallel, ToolUse::maxServerCalls)
                .containsExactly(false, 2);
        assertThat(wish.spec().limits().whole()).isFalse();
        assertThat(wish.metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(wish.onDisconnect()).contains(OnDisconnect.CANCEL);
        assertThat(wish.strategy()).contains(Strategy.ENQUEUE);
        assertThat(wish.keeping()).isEqualTo(Keeping.BRIEFLY);
        assertThat(wish.echo())
                .extracting(
                        Echo::background,
                        Echo::stream,
                        Echo::store,
                        Echo::effort,
                        Echo::summary,
                        Echo::truncation,
                        Echo::safety_identifier,
                        Echo::prompt_cache_key,
                        Echo::user)
                .containsExactly(true, true, false, "low", "auto", "auto", "s", "k", "u");
    }

    @Test
    void theEchoIsReadAsItWasWritten() {
        var echo = read(with("\"text\":{\"format\":{\"type\":\"json_object\"}},\"user\":\"u\""))
                .echo();

        assertThat(Echo.of(read(with("\"text\":{\"format\":{\"type\":\"json_object\"}},\"user\":\"u\""))
                        .spec()))
                .isEqualTo(echo);
    }

    @Test
    void whatIsNotStoredAndNotOfTheBackgroundIsNotListed() {
        assertThat(read(with("\"store\":false")).keeping()).isEqualTo(Keeping.UNLISTED);
        assertThat(read(with("\"background\":true")).keeping()).isEqualTo(Keeping.STORED);
    }

    @Test
    void behindAResponseOrInAConversationTheInputMayBeMissing() {
        String response = OpenAiIds.response(PARENT);
        String conversation = OpenAiIds.conversation(CONVERSATION);

        assertThat(read("{\"model\":\"m\",\"previous_response_id\":\"" + response + "\"}"))
                .extracting(CreateRequest::parent, CreateRequest::input)
                .containsExactly(Optional.of(PARENT), List.of());
        assertThat(read("{\"model\":\"m\",\"conversation\":\"" + conversation + "\"}")
                        .conversation())
                .contains(CONVERSATION);
        assertThat(read("{\"model\":\"m\",\"conversation\":{\"id\":\"" + conversation + "\"}}")
                        .conversation())
                .contains(CONVERSATION);
        assertThat(read("{\"model\":\"m\",\"conversation\":\"" + OpenAiIds.thread(CONVERSATION) + "\"}")
                        .conversation())
                .contains(CONVERSATION);
    }

    @Test
    void aResponseIsNotBothBehindAnotherAndInAConversation() {
        assertRefused(
                with("\"previous_response_id\":\"" + OpenAiIds.response(PARENT) + "\",\"conversation\":\""
                        + OpenAiIds.conversation(CONVERSATION) + "\""),
                "invalid_value",
                "previous_response_id");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"input":"Hi"}                 | missing_required_parameter | model
            {"model":null,"input":"Hi"}    | invalid_type               | model
            {"model":7,"input":"Hi"}       | invalid_type               | model
            {"model":" ","input":"Hi"}     | invalid_value              | model
            {"model":"m"}                  | missing_required_parameter | input
            {"model":"m","input":[]}       | empty_array                | input
            {"model":"m","input":null}     | missing_required_parameter | input
            {"model":"m","input":7}        | invalid_type               | input
            {"model":"m","input":[7]}      | invalid_type               | input[0]
            """)
    void aBodyHasAModelAndAnInput(String body, String code, String param) {
        assertRefused(body, code, param);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "colour":"red"                    | unknown_parameter           | colour
            "type":"response.create"          | unknown_parameter           | type
            "stream_id":"a"                   | unknown_parameter           | stream_id
            "generate":true                   | unknown_parameter           | generate
            "instructions":[]                 | invalid_type                | instructions
            "store":"yes"                     | invalid_type                | store
            "stream":1                        | invalid_type                | stream
            "background":"no"                 | invalid_type                | background
            "stream_options":[]               | invalid_type                | stream_options
            "stream_options":{"a":1}          | unknown_parameter           | stream_options.a
            "stream_options":{"include_obfuscation":1} | invalid_type       | stream_options.include_obfuscation
            "metadata":{"a":1}                | invalid_type                | metadata.a
            "max_output_tokens":15            | integer_below_min_value     | max_output_tokens
            "max_output_tokens":"many"        | invalid_type                | max_output_tokens
            "max_tool_calls":0                | integer_below_min_value     | max_tool_calls
            "temperature":2.1                 | decimal_above_max_value     | temperature
            "temperature":-0.1                | decimal_below_min_value     | temperature
            "top_p":1.1                       | decimal_above_max_value     | top_p
            "presence_penalty":2.1            | decimal_above_max_value     | presence_penalty
            "frequency_penalty":-2.1          | decimal_below_min_value     | frequency_penalty
            "top_logprobs":21                 | integer_above_max_value     | top_logprobs
            "top_logprobs":1                  | unsupported_parameter       | top_logprobs
            "include":["message.output_text.logprobs"] | unsupported_parameter | include[0]
            "include":["a"]                   | invalid_value               | include[0]
            "truncation":"middle"             | invalid_value               | truncation
            "service_tier":"first"            | invalid_value               | service_tier
            "prompt":{"id":"p"}               | unsupported_parameter       | prompt
            "moderation":{"a":1}              | unsupported_parameter       | moderation
            "context_management":[{"type":"compaction"}] | unsupported_parameter | context_management
            "prompt_cache_options":{"a":1}    | unsupported_parameter       | prompt_cache_options
            "prompt_cache_retention":"24h"    | unsupported_parameter       | prompt_cache_retention
            "reasoning":"low"                 | invalid_type                | reasoning
            "reasoning":{"effort":"some"}     | invalid_value               | reasoning.effort
            "reasoning":{"summary":"long"}    | invalid_value               | reasoning.summary
            "reasoning":{"generate_summary":"auto"} | unknown_parameter     | reasoning.generate_summary
            "previous_response_id":"resp_1"   | previous_response_not_found | previous_response_id
            "previous_response_id":7          | invalid_type                | previous_response_id
            "conversation":"c"                | invalid_value               | conversation
            "conversation":""                 | invalid_value               | conversation
            "conversation":{}                 | missing_required_parameter  | conversation.id
            "conversation":{"id":7}           | invalid_type                | conversation.id
            "on_disconnect":"wait"            | invalid_value               | on_disconnect
            "multitask_strategy":"maybe"      | invalid_value               | multitask_strategy
            """)
    void aBadMemberIsRefusedByName(String member, String code, String param) {
        assertRefused(with(member), code, param);
    }

    @Test
    void identifiersHaveSixtyFourCharactersAtMost() {
        assertRefused(
                with("\"safety_identifier\":\"" + "x".repeat(65) + "\""),
                "string_above_max_length",
                "safety_identifier");
    }

    static String with(String members) {
        return "{\"model\":\"m\",\"input\":\"Hi\"," + members + "}";
    }

    private static CreateRequest read(String body) {
        return CreateRequest.read(JsonFields.ofBody(body.getBytes(UTF_8)));
    }

    static void assertRefused(String body, String code, String param) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat((Problem.InvalidRequest) refused.problem())
                                .extracting(Problem.InvalidRequest::code, Problem.InvalidRequest::param)
                                .containsExactly(code, param));
    }
}
