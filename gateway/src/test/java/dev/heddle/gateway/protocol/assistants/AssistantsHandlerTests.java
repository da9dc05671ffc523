package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AssistantsHandlerTests {
    private final Facade facade = Facade.open();

    @Test
    void anAssistantIsCreatedFromItsModelAlone() {
        var assistant = facade.post("/v1/assistants", "{\"model\":\"demo\"}");

        OpenAiSchema.check("AssistantObject", assistant.toString());
        assertThat(assistant.get("id").stringValue()).matches("asst_[0-9A-Za-z]{24}");
        assertThat(assistant.get("name").isNull()).isTrue();
        assertThat(assistant.get("temperature").doubleValue()).isEqualTo(1.0);
        assertThat(assistant.get("response_format").stringValue()).isEqualTo("auto");
        assertThat(assistant.get("tools").isEmpty()).isTrue();
    }

    @Test
    void everythingThatIsSetIsShown() {
        var assistant = facade.post("/v1/assistants", """
                {"model":"demo","name":"Ada","description":"A weaver","instructions":"Weave.","temperature":0.2,
                 "top_p":0.9,"metadata":{"k":"v"},"tools":[],"tool_resources":{"code_interpreter":{"file_ids":[]}},
                 "reasoning_effort":"low",
                 "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}}
                """);

        OpenAiSchema.check("AssistantObject", assistant.toString());
        assertThat(assistant.get("name").stringValue()).isEqualTo("Ada");
        assertThat(assistant.get("metadata").toString()).isEqualTo("{\"k\":\"v\"}");
        assertThat(assistant.at("/response_format/json_schema/name").stringValue())
                .isEqualTo("s");
        assertThat(facade.get("/v1/assistants/" + assistant.get("id").stringValue()))
                .isEqualTo(assistant);
    }

    @Test
    void aChangeKeepsWhatItLeavesOutAndClearsWhatIsNull() {
        var path =
                "/v1/assistants/" + facade.post("/v1/assistants", """
                {"model":"demo","name":"Ada","instructions":"Weave.","temperature":0.2,"metadata":{"a":"1","b":"2"}}
                """).get("id").stringValue();

        var changed = facade.post(path, "{\"instructions\":null,\"temperature\":null,\"metadata\":{\"c\":\"3\"}}");

        assertThat(changed.get("name").stringValue()).isEqualTo("Ada");
        assertThat(changed.get("model").stringValue()).isEqualTo("demo");
        assertThat(changed.get("instructions").isNull()).isTrue();
        assertThat(changed.get("temperature").doubleValue()).isEqualTo(1.0);
        assertThat(changed.get("metadata").toString()).isEqualTo("{\"c\":\"3\"}");
    }

    @Test
    void aDeletedAssistantIsGone() {
        var id = facade.newAssistant();

        var deleted = facade.delete("/v1/assistants/" + id);

        OpenAiSchema.check("DeleteAssistantResponse", deleted.toString());
        var error = facade.refused(404, GET, "/v1/assistants/" + id, "");
        assertThat(error.get("message").stringValue()).isEqualTo("No assistant found with id '" + id + "'.");
    }

    @Test
    void listsPageInEitherDirection() {
        var ids =
                java.util.stream.Stream.generate(facade::newAssistant).limit(5).toList();

        var newest = facade.get("/v1/assistants?limit=2");
        var older = facade.get(
                "/v1/assistants?limit=2&after=" + newest.get("last_id").stringValue());
        var back = facade.get(
                "/v1/assistants?limit=1&before=" + older.get("first_id").stringValue());
        var oldest = facade.get("/v1/assistants?order=asc&limit=100");

        OpenAiSchema.check("ListAssistantsResponse", newest.toString());
        assertThat(ids(newest)).containsExactly(ids.get(4), ids.get(3));
        assertThat(newest.get("has_more").booleanValue()).isTrue();
        assertThat(ids(older)).containsExactly(ids.get(2), ids.get(1));
        assertThat(ids(back)).containsExactly(ids.get(3));
        assertThat(ids(oldest)).isEqualTo(ids);
        assertThat(oldest.get("has_more").booleanValue()).isFalse();
    }

    @Test
    void anEmptyListHasEmptyIds() {
        var list = facade.get("/v1/assistants");

        OpenAiSchema.check("ListAssistantsResponse", list.toString());
        assertThat(list.get("first_id").stringValue()).isEmpty();
        assertThat(list.get("last_id").stringValue()).isEmpty();
    }

    @Test
    void aWrongQueryIsRefusedByName() {
        assertThat(facade.refused(400, GET, "/v1/assistants?limit=101", "").toString())
                .contains("Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.")
                .contains("integer_above_max_value");
        assertThat(facade.refused(400, GET, "/v1/assistants?limit=0", "").toString())
                .contains("integer_below_min_value");
        assertThat(facade.refused(400, GET, "/v1/assistants?limit=many", "").toString())
                .contains("Invalid type for 'limit': expected an integer, but got a string instead.");
        assertThat(facade.refused(400, GET, "/v1/assistants?order=up", "").toString())
                .contains("Invalid value: 'up'. Supported values are: 'asc' and 'desc'.");
        assertThat(facade.refused(400, GET, "/v1/assistants?after=thread_1", "").toString())
                .contains("Expected an ID that begins with 'asst'.");
    }

    @Test
    void functionsAreShownAsTheyWereGiven() {
        var tools = """
                [{"type":"function","function":{"name":"get_weather","description":"Tells the weather",\
                "parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":true}},\
                {"type":"function","function":{"name":"now"}}]""";
        var assistant = facade.post("/v1/assistants", "{\"model\":\"demo\",\"tools\":" + tools + "}");
        var path = "/v1/assistants/" + assistant.get("id").stringValue();

        var kept = facade.post(path, "{\"name\":\"Ada\"}");
        var replaced = facade.post(path, "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"other\"}}]}");
        var cleared = facade.post(path, "{\"tools\":null}");

        OpenAiSchema.check("AssistantObject", assistant.toString());
        assertThat(assistant.get("tools").toString()).isEqualTo(tools);
        assertThat(kept.get("tools")).isEqualTo(assistant.get("tools"));
        assertThat(replaced.get("tools").toString())
                .isEqualTo("[{\"type\":\"function\",\"function\":{\"name\":\"other\"}}]");
        assertThat(cleared.get("tools").isEmpty()).isTrue();
    }

    @Test
    void theStrategyOfItsRunsIsShownOnlyWhereItIsSet() {
        var assistant = facade.post("/v1/assistants", "{\"model\":\"demo\",\"multitask_strategy\":\"rollback\"}");
        var path = "/v1/assistants/" + assistant.get("id").stringValue();

        var kept = facade.post(path, "{\"name\":\"Ada\"}");
        var cleared = facade.post(path, "{\"multitask_strategy\":null}");

        OpenAiSchema.check("AssistantObject", assistant.toString());
        assertThat(assistant.get("multitask_strategy").stringValue()).isEqualTo("rollback");
        assertThat(kept.get("multitask_strategy").stringValue()).isEqualTo("rollback");
        assertThat(cleared.has("multitask_strategy")).isFalse();
    }

    @Test
    void toolsThatNeedFilesOrASandboxAreRefusedAndNothingIsStored() {
        var error = facade.refused(
                400, POST, "/v1/assistants", "{\"model\":\"demo\",\"tools\":[{\"type\":\"code_interpreter\"}]}");

        assertThat(error.get("code").stringValue()).isEqualTo("unsupported_tool");
        assertThat(error.get("param").stringValue()).isEqualTo("tools[0].type");
        assertThat(facade.store.assistants).isEmpty();
    }

    @Test
    void theModelCannotBeTakenAway() {
        var error = facade.refused(400, POST, "/v1/assistants/" + facade.newAssistant(), "{\"model\":null}");

        assertThat(error.get("message").stringValue())
                .isEqualTo("Invalid type for 'model': expected a string, but got null instead.");
    }

    static java.util.List<String> ids(JsonNode list) {
        return StreamSupport.stream(list.get("data").spliterator(), false)
                .map(object -> object.get("id").stringValue())
                .toList();
    }
}
