package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.TestRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesHandlerTests {
    private final Facade facade = Facade.open();
    private final String messages = "/v1/threads/" + facade.newThread() + "/messages";

    @Test
    void aTextBecomesAPartWithoutAnnotations() {
        var message = facade.post(messages, "{\"role\":\"user\",\"content\":\"Hello\"}");

        OpenAiSchema.check("MessageObject", message.toString());
        assertThat(message.get("content").toString())
                .isEqualTo("[{\"type\":\"text\",\"text\":{\"value\":\"Hello\",\"annotations\":[]}}]");
        assertThat(message.get("status").stringValue()).isEqualTo("completed");
        assertThat(message.get("assistant_id").isNull()).isTrue();
        assertThat(message.get("run_id").isNull()).isTrue();
        assertThat(facade.get(messages + "/" + message.get("id").stringValue())).isEqualTo(message);
    }

    @Test
    void partsAreTextsAndImagesByAddress() {
        var message = facade.post(messages, """
                {"role":"user","content":[{"type":"text","text":"What is this?"},
                  {"type":"image_url","image_url":{"url":"https://example.test/a.png","detail":"low"}},
                  {"type":"image_url","image_url":{"url":"https://example.test/b.png"}}],"attachments":[]}
                """);

        OpenAiSchema.check("MessageObject", message.toString());
        assertThat(message.at("/content/1/image_url/detail").stringValue()).isEqualTo("low");
        assertThat(message.at("/content/2/image_url/detail").stringValue()).isEqualTo("auto");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'content':'a'} | missing_required_parameter | role | Missing required parameter: 'role'.",
                "{'role':'system','content':'a'} | invalid_value | role | Invalid value: 'system'. Supported values are: 'user' and 'assistant'.",
                "{'role':'user','content':[]} | empty_array | content | Invalid 'content': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                "{'role':'user','content':7} | invalid_type | content | Invalid type for 'content': expected a string or an array, but got an integer instead.",
                "{'role':'user','content':['a']} | invalid_type | content[0] | Invalid type for 'content[0]': expected an object, but got a string instead.",
                "{'role':'user','content':[{'type':'text'}]} | missing_required_parameter | content[0].text | Missing required parameter: 'content[0].text'.",
                "{'role':'user','content':[{'type':'image_file','image_file':{'file_id':'f'}}]} | unsupported_parameter | content[0].image_file | 'content[0].image_file' is not supported: Heddle keeps no files. Send an 'image_url' instead; it may be a data URL.",
                "{'role':'user','content':'a','attachments':[{'file_id':'f'}]} | unsupported_parameter | attachments | 'attachments' is not supported: Heddle keeps no files.",
                "{'role':'user','content':'a','x':1} | unknown_parameter | x | Unknown parameter: 'x'.",
                "{'role':'user','content':'a\\u0000b'} | invalid_value | content | Invalid 'content': the character U+0000 is not allowed in a text.",
            })
    void aWrongMessageIsRefusedInOpenAisWords(String body, String code, String param, String message) {
        var error = facade.refused(400, POST, messages, body.replace('\'', '"'));

        assertThat(error.get("message").stringValue()).isEqualTo(message);
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("param").stringValue()).isEqualTo(param);
        assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(facade.store.items).isEmpty();
    }

    @Test
    void onlyMetadataCanBeChanged() {
        var path = messages + "/"
                + facade.post(messages, "{\"role\":\"user\",\"content\":\"a\"}")
                        .get("id")
                        .stringValue();

        assertThat(facade.post(path, "{\"metadata\":{\"k\":\"v\"}}")
                        .at("/metadata/k")
                        .stringValue())
                .isEqualTo("v");
        assertThat(facade.refused(400, POST, path, "{\"content\":\"b\"}")
                        .get("code")
                        .stringValue())
                .isEqualTo("unknown_parameter");
    }

    @Test
    void theListCanBeThoseOfOneRun() {
        var thread = messages.replace("/messages", "").replace("/v1/threads/", "");
        facade.post(messages, "{\"role\":\"user\",\"content\":\"a\"}");
        var run = facade.newRun(thread);
        facade.store.emit(facade.store.onlyRun(), TestRuns.started());
        TestRuns.answer("b").forEach(event -> facade.store.emit(facade.store.onlyRun(), event));

        var all = facade.get(messages + "?order=asc");
        var ofRun = facade.get(messages + "?run_id=" + run.substring(run.lastIndexOf('/') + 1));

        OpenAiSchema.check("ListMessagesResponse", all.toString());
        assertThat(AssistantsHandlerTests.ids(all)).hasSize(2);
        assertThat(AssistantsHandlerTests.ids(ofRun))
                .containsExactly(all.at("/data/1/id").stringValue());
        assertThat(all.at("/data/1/run_id").stringValue()).startsWith("run_");
    }

    @Test
    void aDeletedMessageIsGone() {
        var id = facade.post(messages, "{\"role\":\"user\",\"content\":\"a\"}")
                .get("id")
                .stringValue();

        var deleted = facade.delete(messages + "/" + id);

        OpenAiSchema.check("DeleteMessageResponse", deleted.toString());
        assertThat(deleted.get("id").stringValue()).isEqualTo(id);
        facade.refused(404, GET, messages + "/" + id, "");
        facade.refused(404, DELETE, messages + "/" + id, "");
        assertThat(facade.get(messages).get("data").isEmpty()).isTrue();
    }

    @Test
    void aMessageThatIsBeingWrittenIsNotDeleted() {
        facade.newRun(messages.replace("/messages", "").replace("/v1/threads/", ""));
        var item = ItemId.fresh();
        facade.store.emit(facade.store.onlyRun(), TestRuns.started(), TestRuns.opened(item));

        var error = facade.refused(400, DELETE, messages + "/" + OpenAiIds.message(item), "");

        assertThat(error.get("code").stringValue()).isEqualTo("message_in_progress");
        assertThat(error.get("message").stringValue())
                .isEqualTo("Can't delete message " + OpenAiIds.message(item) + " while its run is writing it.");
    }

    @Test
    void aFunctionCallIsNoMessage() {
        facade.newRun(messages.replace("/messages", "").replace("/v1/threads/", ""));
        ToolLives.paused().stream().skip(1).forEach(event -> facade.store.emit(facade.store.onlyRun(), event));
        var call = messages + "/" + OpenAiIds.message(ToolLives.item(0));

        facade.refused(404, GET, call, "");
        facade.refused(404, POST, call, "{\"metadata\":{\"k\":\"v\"}}");
        facade.refused(404, DELETE, call, "");

        assertThat(facade.store.items.get(ToolLives.item(0)).metadata()).isEmpty();
        assertThat(facade.get(messages).get("data").isEmpty()).isTrue();
    }

    @Test
    void aMessageOfNobodyIsNotFound() {
        var id = "msg_000000000000000000000000";

        assertThat(facade.refused(404, GET, messages + "/" + id, "")
                        .get("message")
                        .stringValue())
                .isEqualTo("No message found with id '" + id + "'.");
        assertThat(facade.refused(404, GET, "/v1/threads/thread_000000000000000000000000/messages", "")
                        .get("message")
                        .stringValue())
                .isEqualTo("No thread found with id 'thread_000000000000000000000000'.");
    }

    @Test
    void strictModeRefusesMessagesWhileARunIsActive() {
        var strict = Facade.strict();
        var thread = strict.newThread();
        var run = strict.newRun(thread);

        var error = strict.refused(
                400, POST, "/v1/threads/" + thread + "/messages", "{\"role\":\"user\",\"content\":\"a\"}");

        assertThat(error.get("message").stringValue())
                .isEqualTo("Can't add messages to %s while a run %s is active."
                        .formatted(thread, run.substring(run.lastIndexOf('/') + 1)));
        assertThat(error.get("code").isNull()).isTrue();
    }
}
