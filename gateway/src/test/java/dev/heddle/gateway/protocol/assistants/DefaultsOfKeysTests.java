package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.Compat;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.streaming.lane.Strategy;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;

/** Where several say what is to be, the first one is heard: request, header, assistant, thread, key, server. */
class DefaultsOfKeysTests {
    private static final String KEY = "sk-alpha-0001";

    @ParameterizedTest
    @CsvSource({
        // server, key, thread, assistant, header, field, what it comes to
        "OPEN  ,                                             , , , , , concurrent",
        "STRICT,                                             , , , , , reject",
        "OPEN  , compat=strict                               , , , , , reject",
        "STRICT, compat=open                                 , , , , , concurrent",
        "OPEN  , multitask_strategy=enqueue                  , , , , , enqueue",
        "OPEN  , compat=strict;multitask_strategy=rollback   , , , , , rollback",
        "STRICT, multitask_strategy=enqueue    , interrupt   , , , , interrupt",
        "STRICT, multitask_strategy=enqueue    , interrupt, rollback  , , , rollback",
        "STRICT, multitask_strategy=enqueue    ,          , rollback  , , , rollback",
        "STRICT, multitask_strategy=enqueue    , interrupt, rollback  , concurrent, , concurrent",
        "STRICT, multitask_strategy=enqueue    , interrupt, rollback  , concurrent, reject, reject",
        "OPEN  , multitask_strategy=enqueue    ,          ,           ,           , reject, reject",
    })
    void theFirstThatSaysAStrategyIsHeard(
            Compat server, String key, String thread, String assistant, String header, String field, String expected) {
        var facade = facade(server, key);
        var assistantId = created(facade, "/v1/assistants", "{\"model\":\"demo\"" + member(assistant) + "}");
        var threadId = created(facade, "/v1/threads", "{\"metadata\":{}" + member(thread) + "}");

        var run = send(
                facade,
                "/v1/threads/" + threadId + "/runs",
                "{\"assistant_id\":\"" + assistantId + "\"" + member(field) + "}",
                StrategyRequest.HEADER,
                header);

        assertThat(run.getStatus().value()).as(Facade.text(run)).isEqualTo(200);
        assertThat(facade.store.runs.values().iterator().next().strategy())
                .isEqualTo(Strategy.valueOf(expected.toUpperCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @CsvSource({
        // server, key, header, field, status
        "OPEN  ,                                     ,          ,        , 200",
        "STRICT,                                     ,          ,        , 400",
        "OPEN  , compat=strict                       ,          ,        , 400",
        "STRICT, compat=open                         ,          ,        , 200",
        "OPEN  , on_active_run=reject                ,          ,        , 400",
        "STRICT, on_active_run=allow                 ,          ,        , 200",
        "OPEN  , compat=strict;on_active_run=allow   ,          ,        , 200",
        "OPEN  , on_active_run=allow                 , reject   ,        , 400",
        "STRICT, on_active_run=reject                , allow    ,        , 200",
        "STRICT, on_active_run=reject                , allow    , reject , 400",
        "OPEN  ,                                     , reject   , allow  , 200",
    })
    void theFirstThatSaysWhatBecomesOfAMessageIsHeard(
            Compat server, String key, String header, String field, int status) {
        var facade = facade(server, key);
        var messages = busyThread(facade) + "/messages";
        var member = field == null ? "" : ",\"on_active_run\":\"" + field + "\"";

        var answer = send(
                facade,
                messages,
                "{\"role\":\"user\",\"content\":\"a\"" + member + "}",
                OnActiveRunRequest.HEADER,
                header);

        assertThat(answer.getStatus().value()).as(Facade.text(answer)).isEqualTo(status);
        assertThat(facade.store.items).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void keysOfOneServerDoNotShareTheirDefaults() {
        var facade = new Facade(settings(Compat.OPEN), "a:sk-strict-0001;compat=strict", "a:sk-open-000001");
        var messages = busyThread(facade, "sk-open-000001") + "/messages";
        var body = "{\"role\":\"user\",\"content\":\"a\"}";

        assertThat(send(facade, "sk-strict-0001", messages, body, "x-none", null)
                        .getStatus()
                        .value())
                .isEqualTo(400);
        assertThat(send(facade, "sk-open-000001", messages, body, "x-none", null)
                        .getStatus()
                        .value())
                .isEqualTo(200);
    }

    private static Facade facade(Compat server, String options) {
        return new Facade(settings(server), "a:" + KEY + (options == null ? "" : ";" + options));
    }

    private static AssistantsSettings settings(Compat server) {
        return AssistantsSettings.of(server, Sample.EXPIRY, Sample.MAX_RUNNING);
    }

    private static String busyThread(Facade facade) {
        return busyThread(facade, KEY);
    }

    private static String busyThread(Facade facade, String key) {
        var assistant = id(send(facade, key, "/v1/assistants", "{\"model\":\"demo\"}", "x-none", null));
        var thread = "/v1/threads/" + id(send(facade, key, "/v1/threads", "{}", "x-none", null));
        send(facade, key, thread + "/runs", "{\"assistant_id\":\"" + assistant + "\"}", "x-none", null);
        return thread;
    }

    private static String created(Facade facade, String path, String body) {
        return id(send(facade, path, body, "x-none", null));
    }

    private static String member(String strategy) {
        return strategy == null ? "" : ",\"multitask_strategy\":\"" + strategy + "\"";
    }

    private static EntityExchangeResult<byte[]> send(
            Facade facade, String path, String body, String header, String value) {
        return send(facade, KEY, path, body, header, value);
    }

    private static EntityExchangeResult<byte[]> send(
            Facade facade, String key, String path, String body, String header, String value) {
        return facade.client
                .post()
                .uri(path)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + key)
                .headers(headers -> {
                    if (value != null) {
                        headers.set(header, value);
                    }
                })
                .bodyValue(Json.utf8(body))
                .exchange()
                .expectBody()
                .returnResult();
    }

    private static String id(EntityExchangeResult<byte[]> result) {
        JsonNode json = Json.read(result.getResponseBody());
        return json.get("id").stringValue();
    }
}
