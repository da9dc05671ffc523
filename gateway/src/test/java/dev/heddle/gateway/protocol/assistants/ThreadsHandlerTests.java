package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsHandlerTests {
    private final Facade facade = Facade.open();

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"messages\":null,\"metadata\":null,\"tool_resources\":{}}"})
    void aThreadNeedsNothing(String body) {
        var thread = facade.post("/v1/threads", body);

        OpenAiSchema.check("ThreadObject", thread.toString());
        assertThat(thread.get("id").stringValue()).matches("thread_[0-9A-Za-z]{24}");
        assertThat(thread.get("metadata").isEmpty()).isTrue();
        assertThat(thread.get("tool_resources").isEmpty()).isTrue();
    }

    @Test
    void aThreadBeginsWithTheMessagesItIsGiven() {
        var thread = facade.post("/v1/threads", """
                {"messages":[{"role":"user","content":"One","metadata":{"k":"v"}},{"role":"assistant","content":"Two"}],
                 "metadata":{"topic":"looms"}}
                """);

        var messages = facade.get("/v1/threads/" + thread.get("id").stringValue() + "/messages?order=asc");

        assertThat(thread.at("/metadata/topic").stringValue()).isEqualTo("looms");
        assertThat(messages.at("/data/0/content/0/text/value").stringValue()).isEqualTo("One");
        assertThat(messages.at("/data/0/metadata/k").stringValue()).isEqualTo("v");
        assertThat(messages.at("/data/1/role").stringValue()).isEqualTo("assistant");
    }

    @Test
    void metadataAreReplacedAsAWholeAndKeptWhenAbsent() {
        var path = "/v1/threads/"
                + facade.post("/v1/threads", "{\"metadata\":{\"a\":\"1\"}}")
                        .get("id")
                        .stringValue();

        assertThat(facade.post(path, "").get("metadata").toString()).isEqualTo("{\"a\":\"1\"}");
        assertThat(facade.post(path, "{\"metadata\":{\"b\":\"2\"}}")
                        .get("metadata")
                        .toString())
                .isEqualTo("{\"b\":\"2\"}");
        assertThat(facade.post(path, "{\"metadata\":null}").get("metadata").toString())
                .isEqualTo("{}");
        assertThat(facade.get(path).get("metadata").toString()).isEqualTo("{}");
    }

    @Test
    void theStrategyOfItsRunsIsSetClearedAndShownOnlyWhereItIsSet() {
        var thread = facade.post("/v1/threads", "{\"multitask_strategy\":\"enqueue\"}");
        var path = "/v1/threads/" + thread.get("id").stringValue();

        var changed = facade.post(path, "{\"metadata\":{\"a\":\"1\"},\"multitask_strategy\":\"interrupt\"}");
        var kept = facade.post(path, "{\"metadata\":{}}");
        var cleared = facade.post(path, "{\"multitask_strategy\":null}");

        OpenAiSchema.check("ThreadObject", thread.toString());
        assertThat(thread.get("multitask_strategy").stringValue()).isEqualTo("enqueue");
        assertThat(changed.get("multitask_strategy").stringValue()).isEqualTo("interrupt");
        assertThat(changed.at("/metadata/a").stringValue()).isEqualTo("1");
        assertThat(kept.get("multitask_strategy").stringValue()).isEqualTo("interrupt");
        assertThat(cleared.has("multitask_strategy")).isFalse();
        assertThat(facade.get(path)).isEqualTo(cleared);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void filesAreRefusedByName(boolean toCreate) {
        var path = toCreate ? "/v1/threads" : "/v1/threads/" + facade.newThread();

        var error = facade.refused(
                400, POST, path, "{\"tool_resources\":{\"file_search\":{\"vector_store_ids\":[\"vs_1\"]}}}");

        assertThat(error.get("code").stringValue()).isEqualTo("unsupported_parameter");
        assertThat(error.get("param").stringValue()).isEqualTo("tool_resources");
        assertThat(error.get("message").stringValue())
                .isEqualTo("'tool_resources' is not supported: Heddle keeps no files.");
    }

    @Test
    void aDeletedThreadIsGone() {
        var thread = facade.newThread();

        var deleted = facade.delete("/v1/threads/" + thread);

        OpenAiSchema.check("DeleteThreadResponse", deleted.toString());
        assertThat(facade.refused(404, GET, "/v1/threads/" + thread, "")
                        .get("message")
                        .stringValue())
                .isEqualTo("No thread found with id '" + thread + "'.");
    }

    @Test
    void anIdIsMalformedOrUnknown() {
        var malformed = facade.refused(400, GET, "/v1/threads/undefined", "");
        var unknown = facade.refused(404, GET, "/v1/threads/thread_abc", "");

        assertThat(malformed.get("message").stringValue())
                .isEqualTo("Invalid 'thread_id': 'undefined'. Expected an ID that begins with 'thread'.");
        assertThat(malformed.get("code").stringValue()).isEqualTo("invalid_value");
        assertThat(unknown.get("message").stringValue()).isEqualTo("No thread found with id 'thread_abc'.");
        assertThat(unknown.get("code").isNull()).isTrue();
    }

    @Test
    void aWrongMessageIsRefusedWithItsPathAndNothingIsStored() {
        var error = facade.refused(
                400, POST, "/v1/threads", "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\"}]}");

        assertThat(error.get("message").stringValue()).isEqualTo("Missing required parameter: 'messages[1].content'.");
        assertThat(error.get("param").stringValue()).isEqualTo("messages[1].content");
        assertThat(facade.store.threads).isEmpty();
    }
}
