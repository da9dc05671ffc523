package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.StepVerifier;

/** Runs that wait for their client, and clients that answer. */
class OutputsHandlerTests {
    private static final String RAIN = "{\"tool_outputs\":[{\"tool_call_id\":\"call_weather\",\"output\":\"Rain.\"}]}";

    private final Facade facade = Facade.open();
    private final String run = facade.newRun(facade.newThread());

    @Test
    void aPausedRunTellsWhatItWaitsFor() {
        pause();

        var paused = facade.get(run);

        OpenAiSchema.check("RunObject", paused.toString());
        assertThat(paused.get("status").stringValue()).isEqualTo("requires_action");
        assertThat(paused.get("required_action").toString())
                .isEqualTo("{\"type\":\"submit_tool_outputs\",\"submit_tool_outputs\":{\"tool_calls\":["
                        + "{\"id\":\"call_weather\",\"type\":\"function\",\"function\":"
                        + "{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Bonn\\\"}\"}}]}}");
    }

    @Test
    void outputsLetTheRunGoOn() {
        pause();

        var queued = facade.post(run + "/submit_tool_outputs", RAIN);

        OpenAiSchema.check("RunObject", queued.toString());
        assertThat(queued.get("status").stringValue()).isEqualTo("queued");
        assertThat(queued.get("required_action").isNull()).isTrue();
        assertThat(facade.get(run)).isEqualTo(queued);
        assertThat(facade.get(run + "/steps").at("/data/0/step_details/tool_calls/0/function/output"))
                .hasToString("\"Rain.\"");
    }

    @Test
    void anOutputThatIsLeftOutIsEmpty() {
        pause();

        facade.post(run + "/submit_tool_outputs", "{\"tool_outputs\":[{\"tool_call_id\":\"call_weather\"}]}");

        assertThat(facade.get(run + "/steps").at("/data/0/step_details/tool_calls/0/function/output"))
                .hasToString("\"\"");
    }

    @Test
    void theStreamOfASubmissionBeginsBehindThePauseAndEndsWithTheRun() {
        pause();
        var body = RAIN.replace("]}", "],\"stream\":true}");

        StepVerifier.create(facade.stream(run + "/submit_tool_outputs", body).map(OutputsHandlerTests::event))
                .expectNext("thread.run.step.completed", "thread.run.queued")
                .then(() -> emit(new RunEvent.Resumed(), new RunEvent.Completed(Usage.NONE)))
                .expectNext("thread.run.in_progress", "thread.run.completed", "done")
                .verifyComplete();
    }

    @Test
    void theStreamOfACreationEndsAtThePause() {
        var other = Facade.open();
        other.store.onAdmission(next ->
                other.store.emit(next, ToolLives.paused().stream().skip(1).toArray(RunEvent[]::new)));

        var frames =
                other.stream(POST, "/v1/threads/" + other.newThread() + "/runs", """
                {"assistant_id":"%s","stream":true}""".formatted(other.newAssistant()));

        frames.forEach(OpenAiSchema::checkFrame);
        assertThat(frames.stream().map(OutputsHandlerTests::event))
                .endsWith("thread.run.step.delta", "thread.run.requires_action", "done");
    }

    @Test
    void whoFollowsARunGoesOnThroughItsPause() {
        pause();

        StepVerifier.create(facade.follow(run + "/events?after=6", "").map(OutputsHandlerTests::event))
                .expectNext("thread.run.requires_action")
                .then(() -> facade.post(run + "/submit_tool_outputs", RAIN))
                .expectNext("thread.run.step.completed", "thread.run.queued")
                .thenCancel()
                .verify();
    }

    @Test
    void theSecondOfTwoSubmissionsIsTooLate() {
        pause();
        facade.post(run + "/submit_tool_outputs", RAIN);

        var error = facade.refused(400, POST, run + "/submit_tool_outputs", RAIN);

        assertThat(error.get("message").stringValue())
                .isEqualTo("Runs in status \"queued\" do not accept tool outputs.");
        assertThat(error.get("code").isNull()).isTrue();
    }

    @Test
    void anExpiredRunTakesNoOutputs() {
        pause();
        emit(new RunEvent.StopRequested(StopCause.EXPIRY), new RunEvent.Expired(Usage.NONE));

        assertThat(facade.refused(400, POST, run + "/submit_tool_outputs", RAIN)
                        .get("message")
                        .stringValue())
                .isEqualTo("Runs in status \"expired\" do not accept tool outputs.");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'tool_outputs':[]} | Expected tool outputs for call_ids ['call_weather'], got []",
                "{'tool_outputs':[{'tool_call_id':'call_x'}]} | Expected tool outputs for call_ids ['call_weather'], got ['call_x']",
                "{'tool_outputs':[{'tool_call_id':'call_weather'},{'tool_call_id':'call_weather'}]} | Expected tool outputs for call_ids ['call_weather'], got ['call_weather', 'call_weather']",
                "{} | Missing required parameter: 'tool_outputs'.",
                "{'tool_outputs':null} | Invalid type for 'tool_outputs': expected an array, but got null instead.",
                "{'tool_outputs':[{'output':'a'}]} | Missing required parameter: 'tool_outputs[0].tool_call_id'.",
                "{'tool_outputs':[{'tool_call_id':'call_weather','output':7}]} | Invalid type for 'tool_outputs[0].output': expected a string, but got an integer instead.",
                "{'tool_outputs':[{'tool_call_id':'call_weather','x':1}]} | Unknown parameter: 'tool_outputs[0].x'.",
                "{'tool_outputs':[],'x':1} | Unknown parameter: 'x'.",
                "{'tool_outputs':[],'stream':1} | Invalid type for 'stream': expected a boolean, but got an integer instead.",
            })
    void wrongOutputsAreRefusedAndTheRunGoesOnWaiting(String body, String message) {
        pause();

        var error = facade.refused(400, POST, run + "/submit_tool_outputs", body.replace('\'', '"'));

        assertThat(error.get("message").stringValue()).isEqualTo(message);
        assertThat(facade.get(run).get("status").stringValue()).isEqualTo("requires_action");
    }

    @Test
    void aPausedRunCanBeCancelled() {
        pause();

        assertThat(facade.post(run + "/cancel", "").get("status").stringValue()).isEqualTo("cancelling");
        emit(new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));

        var step = facade.get(run + "/steps").at("/data/0");
        OpenAiSchema.check("RunStepObject", step.toString());
        assertThat(step.get("status").stringValue()).isEqualTo("cancelled");
        assertThat(facade.stream(GET, run + "/events?after=8", "").stream().map(OutputsHandlerTests::event))
                .containsExactly("thread.run.step.cancelled", "thread.run.cancelled", "done");
    }

    @Test
    void aRunThatDoesNotWaitTakesNoOutputs() {
        emit(TestRuns.started());

        assertThat(facade.refused(400, POST, run + "/submit_tool_outputs", RAIN)
                        .get("message")
                        .stringValue())
                .isEqualTo("Runs in status \"in_progress\" do not accept tool outputs.");
    }

    private void pause() {
        emit(ToolLives.paused().stream().skip(1).toArray(RunEvent[]::new));
    }

    private void emit(RunEvent... events) {
        facade.store.emit(facade.store.onlyRun(), events);
    }

    private static String event(String frame) {
        return frame.lines()
                .filter(line -> line.startsWith("event: "))
                .findFirst()
                .orElseThrow()
                .substring("event: ".length());
    }
}
