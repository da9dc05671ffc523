package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.POST;

import dev.heddle.gateway.http.Json;
import dev.heddle.streaming.run.TestRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of messages that come while runs of their thread are active. */
class OnActiveRunTests {
    private final Facade facade = Facade.open();
    private final String thread = facade.newThread();
    private final String messages = "/v1/threads/" + thread + "/messages";

    @Test
    void rejectRefusesInOpenAisWords() {
        var run = facade.newRun(thread);

        var error = facade.refused(400, POST, messages, body("'reject'"));

        assertThat(error.get("message").stringValue())
                .isEqualTo("Can't add messages to %s while a run %s is active."
                        .formatted(thread, run.substring(run.lastIndexOf('/') + 1)));
        assertThat(error.get("code").isNull()).isTrue();
        assertThat(error.has("active_runs")).isFalse();
    }

    @Test
    void waitTakesTheMessageWhenNoRunIsActive() {
        facade.newRun(thread);
        facade.store.emit(facade.store.onlyRun(), TestRuns.started(), TestRuns.completed());

        var message = facade.post(messages, body("{'type':'wait'}"));

        OpenAiSchema.check("MessageObject", message.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"field", "header"})
    void atItsTimeoutAWaitTellsWhatItWaitedFor(String by) {
        var run = facade.newRun(thread);
        facade.store.emit(facade.store.onlyRun(), TestRuns.started());

        var answer = by.equals("field")
                ? facade.exchange(POST, messages, body("{'type':'wait','timeout':1}"))
                : withHeader("wait; timeout=1");

        assertThat(answer.getStatus().value()).isEqualTo(400);
        OpenAiSchema.check("ErrorResponse", Facade.text(answer));
        var error = Json.read(answer.getResponseBody()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo("thread_busy");
        assertThat(error.get("message").stringValue())
                .isEqualTo("Thread " + thread + " still has active runs; nothing was stored.");
        assertThat(error.get("active_runs")).hasSize(1);
        var active = error.get("active_runs").get(0);
        assertThat(active.get("id").stringValue()).isEqualTo(run.substring(run.lastIndexOf('/') + 1));
        assertThat(active.get("status").stringValue()).isEqualTo("in_progress");
        assertThat(active.get("assistant_id").stringValue()).startsWith("asst_");
        assertThat(active.get("created_at").longValue()).isPositive();
        assertThat(active.get("age").longValue()).isNotNegative();
        assertThat(facade.store.items).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "'never' | invalid_value | on_active_run | Invalid value: 'never'. Supported values are: 'allow', 'reject', and 'wait'.",
                "7 | invalid_type | on_active_run | Invalid type for 'on_active_run': expected a string or an object, but got an integer instead.",
                "{} | missing_required_parameter | on_active_run.type | Missing required parameter: 'on_active_run.type'.",
                "{'type':'never'} | invalid_value | on_active_run.type | Invalid value: 'never'. Supported values are: 'allow', 'reject', and 'wait'.",
                "{'type':'wait','timeout':0} | integer_below_min_value | on_active_run.timeout | Invalid 'on_active_run.timeout': integer below minimum value. Expected a value >= 1, but got 0 instead.",
                "{'type':'wait','timeout':601} | integer_above_max_value | on_active_run.timeout | Invalid 'on_active_run.timeout': integer above maximum value. Expected a value <= 600, but got 601 instead.",
                "{'type':'allow','timeout':5} | invalid_value | on_active_run.timeout | Invalid 'on_active_run.timeout': only 'wait' has one.",
                "{'type':'wait','x':5} | unknown_parameter | on_active_run.x | Unknown parameter: 'on_active_run.x'.",
            })
    void aWrongMemberIsRefusedAndNothingIsStored(String value, String code, String param, String message) {
        var error = facade.refused(400, POST, messages, body(value));

        assertThat(error.get("message").stringValue()).isEqualTo(message);
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("param").stringValue()).isEqualTo(param);
        assertThat(facade.store.items).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "never",
                "wait;",
                "wait; 5",
                "wait; timeout=x",
                "wait; timeout=601",
                "allow; timeout=5",
                "wait;timeout=1;x"
            })
    void aWrongHeaderIsRefusedByItsName(String value) {
        var answer = withHeader(value);

        assertThat(answer.getStatus().value()).isEqualTo(400);
        assertThat(Json.read(answer.getResponseBody()).at("/error/param").stringValue())
                .isEqualTo("Heddle-On-Active-Run");
        assertThat(facade.store.items).isEmpty();
    }

    @Test
    void theMemberIsOnlyForMessagesThatComeByThemselves() {
        var error = facade.refused(
                400,
                POST,
                "/v1/threads",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"on_active_run\":\"wait\"}]}");

        assertThat(error.get("param").stringValue()).isEqualTo("messages[0].on_active_run");
        assertThat(error.get("code").stringValue()).isEqualTo("unknown_parameter");
    }

    private org.springframework.test.web.reactive.server.EntityExchangeResult<byte[]> withHeader(String value) {
        return facade.client
                .post()
                .uri(messages)
                .header("Heddle-On-Active-Run", value)
                .bodyValue(Json.utf8("{\"role\":\"user\",\"content\":\"a\"}"))
                .exchange()
                .expectBody()
                .returnResult();
    }

    private static String body(String onActiveRun) {
        return "{\"role\":\"user\",\"content\":\"a\",\"on_active_run\":" + onActiveRun.replace('\'', '"') + "}";
    }
}
