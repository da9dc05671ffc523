package dev.heddle.gateway.protocol.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the items of an input become, and with which code and parameter a bad one is refused. */
class InputRequestTests {
    private static final ItemId ID = ItemId.fresh();
    private static final CallId CALL = new CallId("call_1");

    @Test
    void aTextIsAMessageOfTheUser() {
        assertThat(read("{\"input\":\"Hi\"}")).containsExactly(new InputItem.Given(Item.Message.of(Role.USER, "Hi")));
        assertThat(read("{\"input\":\"\"}")).containsExactly(new InputItem.Given(Item.Message.of(Role.USER, "")));
    }

    @Test
    void nothingIsNoItems() {
        assertThat(read("{}")).isEmpty();
        assertThat(read("{\"input\":null}")).isEmpty();
        assertThat(read("{\"input\":[]}")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aMessageHasAnyRoleWithAndWithoutItsType(Role role) {
        String members = "\"role\":\"" + role.name().toLowerCase(java.util.Locale.ROOT) + "\",\"content\":\"Hi\"";

        assertThat(item("{" + members + "}")).isEqualTo(Item.Message.of(role, "Hi"));
        assertThat(item("{\"type\":\"message\",\"id\":\"msg_1\",\"status\":\"completed\"," + members + "}"))
                .isEqualTo(Item.Message.of(role, "Hi"));
    }

    @Test
    void theAssistantsMessagesHaveAPhase() {
        assertThat(item("{\"role\":\"assistant\",\"phase\":\"final_answer\",\"content\":\"Hi\"}"))
                .isEqualTo(new Item.Message(Role.ASSISTANT, List.of(new Content.Text("Hi")), Item.Phase.FINAL_ANSWER));
        assertThat(item("{\"role\":\"user\",\"phase\":null,\"content\":\"Hi\"}"))
                .isEqualTo(Item.Message.of(Role.USER, "Hi"));
    }

    @Test
    void aMessageHasPartsOfEveryKindThatIsServed() {
        var message = (Item.Message) item("""
                {"role":"user","content":[{"type":"input_text","text":"a"},{"type":"text","text":"b"},
                 {"type":"output_text","text":"c","annotations":[],"logprobs":[]},{"type":"refusal","refusal":"d"},
                 {"type":"input_image","image_url":"http://x/y.png"},
                 {"type":"input_image","image_url":"http://x/y.png","detail":"low","file_id":null}]}""");

        assertThat(message.content())
                .containsExactly(
                        new Content.Text("a"),
                        new Content.Text("b"),
                        new Content.Text("c"),
                        new Content.Text("d"),
                        new Content.ImageUrl("http://x/y.png", Content.Detail.AUTO),
                        new Content.ImageUrl("http://x/y.png", Content.Detail.LOW));
    }

    @Test
    void callsAndTheirOutputsAreTakenAsTheyAre() {
        assertThat(item("""
                {"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather","arguments":"no JSON",
                 "status":"completed"}""")).isEqualTo(new Item.FunctionCall(CALL, "weather", "no JSON"));
        assertThat(item("{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"rain\"}"))
                .isEqualTo(new Item.FunctionCallOutput(CALL, "rain"));
        assertThat(item("""
                {"type":"function_call_output","call_id":"call_1","id":null,"status":null,
                 "output":[{"type":"input_text","text":"ra"},{"type":"input_text","text":"in"}]}""")).isEqualTo(new Item.FunctionCallOutput(CALL, "rain"));
    }

    @Test
    void reasoningIsItsSummary() {
        assertThat(item("""
                {"type":"reasoning","id":"rs_1","encrypted_content":"?",
                 "summary":[{"type":"summary_text","text":"One."},{"type":"summary_text","text":"Two."}]}""")).isEqualTo(new Item.Reasoning("One.\n\nTwo."));
        assertThat(item("{\"type\":\"reasoning\",\"summary\":[]}")).isEqualTo(new Item.Reasoning(""));
    }

    @Test
    void aCompactionIsOpenedAgain() {
        assertThat(item("{\"type\":\"compaction\",\"id\":\"cmp_1\",\"encrypted_content\":\"" + Sealed.of("So far.")
                        + "\"}"))
                .isEqualTo(new Item.Compaction("So far."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"type\":\"item_reference\",", "\"type\":null,", ""})
    void anItemMayBeNamed(String type) {
        String id = OpenAiIds.item(ID, Item.Kind.MESSAGE);

        assertThat(read("{\"input\":[{" + type + "\"id\":\"" + id + "\"}]}"))
                .containsExactly(new InputItem.Reference("input[0].id", ID));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7                                               | invalid_type               | input[0]
            {}                                              | missing_required_parameter | input[0].role
            {"type":"web_search_call","id":"ws_1"}          | unsupported_parameter      | input[0].type
            {"type":"item_reference"}                       | missing_required_parameter | input[0].id
            {"type":"item_reference","id":"nothing"}        | invalid_value              | input[0].id
            {"type":"item_reference","id":"msg_1","role":"user"} | unknown_parameter     | input[0].role
            {"role":"king","content":"Hi"}                  | invalid_value              | input[0].role
            {"role":"user"}                                 | missing_required_parameter | input[0].content
            {"role":"user","content":null}                  | invalid_type               | input[0].content
            {"role":"user","content":7}                     | invalid_type               | input[0].content
            {"role":"user","content":"Hi","name":"Ada"}     | unknown_parameter          | input[0].name
            {"role":"user","content":"Hi","phase":"commentary"} | invalid_value          | input[0].phase
            {"role":"assistant","content":"Hi","phase":"x"} | invalid_value              | input[0].phase
            {"role":"user","content":[7]}                   | invalid_type               | input[0].content[0]
            {"role":"user","content":[{"text":"Hi"}]}       | missing_required_parameter | input[0].content[0].type
            {"role":"user","content":[{"type":"x"}]}        | invalid_value              | input[0].content[0].type
            {"role":"user","content":[{"type":"input_text"}]} | missing_required_parameter | input[0].content[0].text
            {"role":"user","content":[{"type":"input_text","text":"","a":1}]} | unknown_parameter | input[0].content[0].a
            {"role":"user","content":[{"type":"refusal","text":""}]} | unknown_parameter | input[0].content[0].text
            {"role":"user","content":[{"type":"input_file","file_id":"f"}]} | unsupported_parameter | input[0].content[0].type
            {"role":"user","content":[{"type":"input_image"}]} | missing_required_parameter | input[0].content[0].image_url
            {"role":"user","content":[{"type":"input_image","file_id":"f"}]} | unsupported_parameter | input[0].content[0].file_id
            {"role":"user","content":[{"type":"input_image","image_url":"u","detail":"x"}]} | invalid_value | input[0].content[0].detail
            {"type":"function_call","name":"f","arguments":""} | missing_required_parameter | input[0].call_id
            {"type":"function_call","call_id":"","name":"f","arguments":""} | invalid_value | input[0].call_id
            {"type":"function_call","call_id":"c","name":"f g","arguments":""} | invalid_value | input[0].name
            {"type":"function_call","call_id":"c","name":"f"} | missing_required_parameter | input[0].arguments
            {"type":"function_call","call_id":"c","name":"f","arguments":{}} | invalid_type | input[0].arguments
            {"type":"function_call","call_id":"c","name":"f","arguments":"","namespace":"n"} | unknown_parameter | input[0].namespace
            {"type":"function_call_output","output":""}     | missing_required_parameter | input[0].call_id
            {"type":"function_call_output","call_id":"c"}   | missing_required_parameter | input[0].output
            {"type":"function_call_output","call_id":"c","output":7} | invalid_type | input[0].output
            {"type":"function_call_output","call_id":"c","output":[{"type":"input_image"}]} | unsupported_parameter | input[0].output[0].type
            {"type":"function_call_output","call_id":"c","output":[{"type":"input_text"}]} | missing_required_parameter | input[0].output[0].text
            {"type":"reasoning"}                            | missing_required_parameter | input[0].summary
            {"type":"reasoning","summary":[{"type":"summary_text"}]} | missing_required_parameter | input[0].summary[0].text
            {"type":"compaction"}                           | missing_required_parameter | input[0].encrypted_content
            {"type":"compaction","encrypted_content":"x"}   | invalid_value              | input[0].encrypted_content
            """)
    void aBadItemIsRefusedByName(String item, String code, String param) {
        assertRefused("{\"input\":[" + item + "]}", code, param);
    }

    @Test
    void textsHaveTenMillionCharactersAtMostWhereverTheyStand() {
        String text = "x".repeat(InputRequest.MAX_TEXT + 1);

        assertRefused("{\"input\":\"" + text + "\"}", "string_above_max_length", "input");
        assertRefused(
                "{\"input\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}",
                "string_above_max_length",
                "input[0].content");
        assertRefused(
                "{\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"" + text + "\"}]}",
                "string_above_max_length",
                "input[0].output");
        assertRefused(
                "{\"input\":[{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"\",\"call_id\":\""
                        + "x".repeat(257) + "\"}]}",
                "string_above_max_length",
                "input[0].call_id");
    }

    private static Item item(String item) {
        return ((InputItem.Given) read("{\"input\":[" + item + "]}").getFirst()).item();
    }

    private static List<InputItem> read(String body) {
        return InputRequest.read(JsonFields.ofBody(body.getBytes(UTF_8)), "input");
    }

    private static void assertRefused(String body, String code, String param) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat((Problem.InvalidRequest) refused.problem())
                                .extracting(Problem.InvalidRequest::code, Problem.InvalidRequest::param)
                                .containsExactly(code, param));
    }
}
