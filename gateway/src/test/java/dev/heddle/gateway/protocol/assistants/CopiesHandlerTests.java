package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.POST;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be asked. What is copied is the matter of admission, and of an integration test. */
class CopiesHandlerTests {
    private static final String NOBODY = "thread_000000000000000000000000";

    private final Facade facade = Facade.open();
    private final String thread = facade.newThread();
    private final String other = facade.newThread();

    @Test
    void aForkIsANewThreadWithWhatTheRequestSays() {
        var plain = facade.post("/v1/threads/" + thread + "/fork", "");
        var named = facade.post(
                "/v1/threads/" + thread + "/fork", "{\"metadata\":{\"k\":\"v\"},\"multitask_strategy\":\"enqueue\"}");

        OpenAiSchema.check("ThreadObject", plain.toString());
        assertThat(plain.get("id").stringValue()).isNotEqualTo(thread);
        assertThat(plain.get("metadata").isEmpty()).isTrue();
        assertThat(named.at("/metadata/k").stringValue()).isEqualTo("v");
        assertThat(named.get("multitask_strategy").stringValue()).isEqualTo("enqueue");
        assertThat(facade.get("/v1/threads/" + named.get("id").stringValue())).isEqualTo(named);
    }

    @Test
    void acopyAnswersWithTheThreadThatGrew() {
        facade.post("/v1/threads/" + thread + "/messages", "{\"role\":\"user\",\"content\":\"a\"}");

        assertThat(facade.post("/v1/threads/" + thread + "/copy_to/" + other, "")
                        .get("id")
                        .stringValue())
                .isEqualTo(other);
        assertThat(facade.post("/v1/threads/" + thread + "/merge_from/" + other, "{}")
                        .get("id")
                        .stringValue())
                .isEqualTo(thread);

        assertThat(facade.get("/v1/threads/" + other + "/messages").get("data")).hasSize(1);
        assertThat(facade.get("/v1/threads/" + thread + "/messages").get("data"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "%3$s/fork",
        "%3$s/copy_to/%2$s",
        "%1$s/copy_to/%3$s",
        "%3$s/merge_from/%2$s",
        "%1$s/merge_from/%3$s",
    })
    void whoeverIsNotThereIsNamed(String path) {
        var error = facade.refused(404, POST, "/v1/threads/" + path.formatted(thread, other, NOBODY), "");

        assertThat(error.get("message").stringValue()).isEqualTo("No thread found with id '" + NOBODY + "'.");
    }

    @ParameterizedTest
    @CsvSource({"copy_to, target_id", "merge_from, source_id"})
    void aWrongIdIsNamedByItsPlace(String operation, String param) {
        var error = facade.refused(400, POST, "/v1/threads/" + thread + "/" + operation + "/run_1", "");

        assertThat(error.get("param").stringValue()).isEqualTo(param);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fork", "copy_to/" + NOBODY, "merge_from/" + NOBODY})
    void unknownMembersAreRefused(String operation) {
        var error = facade.refused(400, POST, "/v1/threads/" + thread + "/" + operation, "{\"messages\":[]}");

        assertThat(error.get("param").stringValue()).isEqualTo("messages");
        assertThat(error.get("code").stringValue()).isEqualTo("unknown_parameter");
    }
}
