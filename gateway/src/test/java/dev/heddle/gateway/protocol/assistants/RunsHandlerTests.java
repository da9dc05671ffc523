package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.Usage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsHandlerTests {
    private final Facade facade = Facade.open();
    private final String thread = facade.newThread();
    private final String runs = "/v1/threads/" + thread + "/runs";

    @Test
    void aRunIsItsAssistantsUnlessItSaysOtherwise() {
        var assistant = facade.post("/v1/assistants", """
                {"model":"demo","instructions":"Be brief.","temperature":0.2,"response_format":{"type":"json_object"}}
                """).get("id").stringValue();

        var plain = facade.post(runs, "{\"assistant_id\":\"" + assistant + "\"}");
        var other = facade.post(runs, """
                {"assistant_id":"%s","model":"other","instructions":"Be long.","additional_instructions":"And kind.",
                 "temperature":1.5,"top_p":0.5,"max_completion_tokens":256,"response_format":"auto","tools":[],
                 "tool_choice":"auto","truncation_strategy":{"type":"auto"},"parallel_tool_calls":true,
                 "reasoning_effort":"high","metadata":{"k":"v"},"max_prompt_tokens":null}
                """.formatted(assistant));

        OpenAiSchema.check("RunObject", plain.toString());
        OpenAiSchema.check("RunObject", other.toString());
        assertThat(plain.get("status").stringValue()).isEqualTo("queued");
        assertThat(plain.get("instructions").stringValue()).isEqualTo("Be brief.");
        assertThat(plain.get("temperature").doubleValue()).isEqualTo(0.2);
        assertThat(plain.at("/response_format/type").stringValue()).isEqualTo("json_object");
        assertThat(other.get("model").stringValue()).isEqualTo("other");
        assertThat(other.get("instructions").stringValue()).isEqualTo("Be long.\nAnd kind.");
        assertThat(other.get("max_completion_tokens").intValue()).isEqualTo(256);
        assertThat(other.get("response_format").stringValue()).isEqualTo("auto");
        assertThat(other.at("/metadata/k").stringValue()).isEqualTo("v");
    }

    @Test
    void additionalMessagesAreStoredWithTheRun() {
        facade.post(runs, """
                {"assistant_id":"%s","additional_messages":[{"role":"user","content":"One"},{"role":"user","content":"Two"}]}
                """.formatted(facade.newAssistant()));

        var messages = facade.get("/v1/threads/" + thread + "/messages?order=asc");

        assertThat(messages.at("/data/0/content/0/text/value").stringValue()).isEqualTo("One");
        assertThat(messages.at("/data/1/content/0/text/value").stringValue()).isEqualTo("Two");
        assertThat(messages.at("/data/1/run_id").isNull()).isTrue();
    }

    @Test
    void pollersAreToldHowLongToWaitWhileTheRunIsActive() {
        var run = facade.newRun(thread);

        var active = facade.exchange(GET, run, "");
        facade.store.emit(facade.store.onlyRun(), TestRuns.started(), new RunEvent.Completed(Usage.NONE));
        var ended = facade.exchange(GET, run, "");

        assertThat(active.getResponseHeaders().getFirst("openai-poll-after-ms")).isEqualTo("100");
        assertThat(ended.getResponseHeaders().getFirst("openai-poll-after-ms")).isNull();
    }

    @Test
    void everyStatusIsWhatOpenAiDescribes() {
        for (var life : Sample.lives().entrySet()) {
            var fresh = Facade.open();
            var run = fresh.newRun(fresh.newThread());
            life.getValue().stream()
                    .map(logged -> ((dev.heddle.streaming.log.ThreadEvent.OfRun) logged.event()).event())
                    .filter(event -> !(event instanceof RunEvent.Admitted))
                    .forEach(event -> fresh.store.emit(fresh.store.onlyRun(), event));

            OpenAiSchema.check("RunObject", fresh.get(run).toString());
            OpenAiSchema.check(
                    "ListRunsResponse",
                    fresh.get(run.substring(0, run.lastIndexOf('/'))).toString());
            OpenAiSchema.check("ListRunStepsResponse", fresh.get(run + "/steps").toString());
        }
    }

    @Test
    void aGetAgreesWithTheLastFrameOfTheStream() {
        var run = facade.newRun(thread);
        facade.store.emit(facade.store.onlyRun(), TestRuns.started());
        TestRuns.answer("Hel", "lo").forEach(event -> facade.store.emit(facade.store.onlyRun(), event));

        var frames = facade.stream(GET, run + "/events", "");

        assertThat(frames.get(frames.size() - 2)).contains("data: " + facade.get(run) + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{} | missing_required_parameter | assistant_id | Missing required parameter: 'assistant_id'.",
                "{'assistant_id':'abc'} | invalid_value | assistant_id | Invalid 'assistant_id': 'abc'. Expected an ID that begins with 'asst'.",
                "{'assistant_id':'ID','stream':'yes'} | invalid_type | stream | Invalid type for 'stream': expected a boolean, but got a string instead.",
                "{'assistant_id':'ID','temperature':2.5} | decimal_above_max_value | temperature | Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
                "{'assistant_id':'ID','max_completion_tokens':255} | integer_below_min_value | max_completion_tokens | Invalid 'max_completion_tokens': integer below minimum value. Expected a value >= 256, but got 255 instead.",
                "{'assistant_id':'ID','additional_messages':[{'role':'user','content':'a'},{'role':'user'}]} | missing_required_parameter | additional_messages[1].content | Missing required parameter: 'additional_messages[1].content'.",
                "{'assistant_id':'ID','thread':{}} | unknown_parameter | thread | Unknown parameter: 'thread'.",
                "{'assistant_id':'ID','multitask_strategy':'x'} | invalid_value | multitask_strategy | Invalid value: 'x'. Supported values are: 'concurrent', 'reject', 'enqueue', 'interrupt', and 'rollback'.",
                "{'assistant_id':'ID','response_format':'text'} | invalid_value | response_format | Invalid value: 'text'. Supported values are: 'auto'.",
                "{'assistant_id':'ID','response_format':{'type':'json_schema','json_schema':{}}} | missing_required_parameter | response_format.json_schema.name | Missing required parameter: 'response_format.json_schema.name'.",
            })
    void aWrongRunIsRefusedInOpenAisWordsAndLeavesNoTrace(String body, String code, String param, String message) {
        var assistant = facade.newAssistant();

        var error = facade.refused(400, POST, runs, body.replace('\'', '"').replace("ID", assistant));

        assertThat(error.get("message").stringValue()).isEqualTo(message);
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("param").stringValue()).isEqualTo(param);
        assertThat(facade.store.runs).isEmpty();
        assertThat(facade.store.items).isEmpty();
    }

    @Test
    void anUnknownAssistantLeavesNoThreadBehind() {
        var error = facade.refused(404, POST, "/v1/threads/runs", "{\"assistant_id\":\"asst_x\"}");

        assertThat(error.get("message").stringValue()).isEqualTo("No assistant found with id 'asst_x'.");
        assertThat(facade.store.threads).hasSize(1);
    }

    @Test
    void aRunIsFoundUnderItsOwnThreadOnly() {
        var run = facade.newRun(thread);
        var elsewhere = run.replace(thread, facade.newThread());

        assertThat(facade.refused(404, GET, elsewhere, "").get("message").stringValue())
                .isEqualTo("No run found with id '" + run.substring(run.lastIndexOf('/') + 1) + "'.");
    }

    @Test
    void aCancelledRunIsNotCancelledTwice() {
        var run = facade.newRun(thread);
        facade.store.emit(facade.store.onlyRun(), TestRuns.started());

        var cancelling = facade.post(run + "/cancel", "");
        var again = facade.refused(400, POST, run + "/cancel", "");
        facade.store.emit(facade.store.onlyRun(), new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));
        var after = facade.refused(400, POST, run + "/cancel", "");

        assertThat(cancelling.get("status").stringValue()).isEqualTo("cancelling");
        assertThat(again.get("message").stringValue()).isEqualTo("Cannot cancel run with status 'cancelling'.");
        assertThat(after.get("message").stringValue()).isEqualTo("Cannot cancel run with status 'cancelled'.");
        assertThat(after.get("code").isNull()).isTrue();
    }

    @Test
    void onlyMetadataOfARunCanBeChanged() {
        var run = facade.newRun(thread);

        assertThat(facade.post(run, "{\"metadata\":{\"k\":\"v\"}}")
                        .at("/metadata/k")
                        .stringValue())
                .isEqualTo("v");
        assertThat(facade.refused(400, POST, run, "{\"status\":\"completed\"}")
                        .get("code")
                        .stringValue())
                .isEqualTo("unknown_parameter");
    }

    @Test
    void twoRunsOfOneThreadAreOrdinary() {
        facade.newRun(thread);
        facade.newRun(thread);

        var list = facade.get(runs);

        OpenAiSchema.check("ListRunsResponse", list.toString());
        assertThat(AssistantsHandlerTests.ids(list)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"true,", "false,reject"})
    void aSecondRunIsRefusedWhereThatIsAskedFor(boolean strict, String strategy) {
        var other = strict ? Facade.strict() : Facade.open();
        var busy = other.newThread();
        var run = other.newRun(busy);
        var body = "{\"assistant_id\":\"" + other.newAssistant() + "\""
                + (strategy == null ? "}" : ",\"multitask_strategy\":\"" + strategy + "\"}");

        var error = other.refused(400, POST, "/v1/threads/" + busy + "/runs", body);

        assertThat(error.get("message").stringValue())
                .isEqualTo("Thread %s already has an active run %s."
                        .formatted(busy, run.substring(run.lastIndexOf('/') + 1)));
        assertThat(error.get("code").isNull()).isTrue();
    }

    @Test
    void theStrategyMayComeAsAHeaderAndTheBodyWins() {
        facade.newRun(thread);
        var assistant = facade.newAssistant();

        assertThat(statusWithHeader("reject", "{\"assistant_id\":\"" + assistant + "\"}"))
                .isEqualTo(400);
        assertThat(statusWithHeader(
                        "reject", "{\"assistant_id\":\"" + assistant + "\",\"multitask_strategy\":\"enqueue\"}"))
                .isEqualTo(200);
        assertThat(statusWithHeader("replace", "{\"assistant_id\":\"" + assistant + "\"}"))
                .isEqualTo(400);
    }

    /** Request, header, assistant, thread, server: the first that says something. */
    @ParameterizedTest
    @CsvSource({
        "reject,    enqueue,   interrupt, rollback,  REJECT",
        ",          enqueue,   interrupt, rollback,  ENQUEUE",
        ",          ,          interrupt, rollback,  INTERRUPT",
        ",          ,          ,          rollback,  ROLLBACK",
        ",          ,          ,          ,          CONCURRENT"
    })
    void whoSaysTheStrategyFirstIsObeyed(
            String inBody, String inHeader, String ofAssistant, String ofThread, Strategy expected) {
        var assistant = facade.post("/v1/assistants", "{\"model\":\"demo\"" + strategy(ofAssistant) + "}");
        facade.post("/v1/threads/" + thread, "{\"metadata\":{}" + strategy(ofThread) + "}");
        var body = "{\"assistant_id\":\"" + assistant.get("id").stringValue() + "\"" + strategy(inBody) + "}";

        assertThat(statusWithHeader(inHeader, body)).isEqualTo(200);

        var run = facade.store.runs.values().iterator().next();
        assertThat(run.strategy()).isEqualTo(expected);
        assertThat(facade.get(runs).at("/data/0").has("multitask_strategy")).isFalse();
    }

    private static String strategy(String word) {
        return word == null ? "" : ",\"multitask_strategy\":\"" + word + "\"";
    }

    private int statusWithHeader(String strategy, String body) {
        return facade.client
                .post()
                .uri(runs + "?include%5B%5D=step_details.tool_calls%5B%2A%5D.file_search.results%5B%2A%5D.content")
                .headers(headers ->
                        Optional.ofNullable(strategy).ifPresent(word -> headers.set("Heddle-Multitask-Strategy", word)))
                .bodyValue(body)
                .exchange()
                .returnResult(String.class)
                .getStatus()
                .value();
    }
}
