package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.Usage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class StepsHandlerTests {
    private final Facade facade = Facade.open();
    private final String run = facade.newRun(facade.newThread());

    @Test
    void aMessageOfARunIsAStep() {
        emit(TestRuns.started());
        TestRuns.answer("Hello").forEach(this::emit);

        var list = facade.get(run + "/steps");
        var step = list.at("/data/0");

        OpenAiSchema.check("RunStepObject", step.toString());
        assertThat(step.get("status").stringValue()).isEqualTo("completed");
        assertThat(step.at("/usage/total_tokens").intValue()).isEqualTo(12);
        assertThat(step.get("id").stringValue().substring("step_".length()))
                .isEqualTo(step.at("/step_details/message_creation/message_id")
                        .stringValue()
                        .substring("msg_".length()));
        assertThat(facade.get(run + "/steps/" + step.get("id").stringValue())).isEqualTo(step);
    }

    @Test
    void aFailedStepSaysWhy() {
        var item = ItemId.fresh();
        emit(TestRuns.started());
        emit(TestRuns.opened(item));
        emit(TestRuns.closed(0, item, ItemStatus.RUN_FAILED, "Hel"));
        emit(new RunEvent.Failed(RunFailure.serverError("No answer."), Usage.NONE));

        var step = facade.get(run + "/steps").at("/data/0");

        OpenAiSchema.check("RunStepObject", step.toString());
        assertThat(step.get("last_error").toString())
                .isEqualTo("{\"code\":\"server_error\",\"message\":\"No answer.\"}");
    }

    @Test
    void theCallsOfAModelCallAreOneStep() {
        Sample.lives().get("tools_of_both").stream()
                .map(logged -> ((ThreadEvent.OfRun) logged.event()).event())
                .skip(1)
                .forEach(this::emit);

        var steps = facade.get(run + "/steps?order=asc&include%5B%5D=step_details.tool_calls");

        OpenAiSchema.check("ListRunStepsResponse", steps.toString());
        assertThat(steps.get("data").size()).isEqualTo(2);
        assertThat(steps.at("/data/0/type").stringValue()).isEqualTo("tool_calls");
        assertThat(steps.at("/data/0/status").stringValue()).isEqualTo("completed");
        assertThat(steps.at("/data/0/step_details/tool_calls/0/function/output").stringValue())
                .isEqualTo("of \"get_weather\"");
        assertThat(steps.at("/data/0/step_details/tool_calls/1/id").stringValue())
                .isEqualTo("call_time");
        assertThat(steps.at("/data/0/usage/total_tokens").intValue()).isEqualTo(12);
        assertThat(steps.at("/data/1/type").stringValue()).isEqualTo("message_creation");
        var first = steps.get("first_id").stringValue();
        assertThat(facade.get(run + "/steps/" + first)).isEqualTo(steps.at("/data/0"));
    }

    /** Every step a GET shows in the end is the one that the stream has ended with. */
    @ParameterizedTest
    @MethodSource("lives")
    void aGetAgreesWithTheStreamOfTheSameRun(String life) {
        Sample.lives().get(life).stream()
                .map(logged -> ((ThreadEvent.OfRun) logged.event()).event())
                .skip(1)
                .forEach(this::emit);

        var steps = facade.get(run + "/steps?order=asc");

        var ended = facade.stream(GET, run + "/events", "").stream()
                .filter(frame -> frame.contains("event: thread.run.step.")
                        && !frame.contains("step.created\n")
                        && !frame.contains("step.in_progress\n")
                        && !frame.contains("step.delta\n"))
                .map(frame -> frame.substring(frame.indexOf("data: ") + "data: ".length(), frame.length() - 2))
                .toList();
        assertThat(steps.get("data").valueStream().map(JsonNode::toString)).containsExactlyElementsOf(ended);
    }

    static Stream<String> lives() {
        // Its message ends without being closed, which the rows of a real run never show.
        return Sample.lives().keySet().stream().filter(life -> !life.equals("failed_with_open_message"));
    }

    @Test
    void aStepOfNobodyIsNotFound() {
        var id = "step_000000000000000000000000";

        for (String path : new String[] {"/steps/" + id, "/steps?after=" + id}) {
            assertThat(facade.refused(404, GET, run + path, "").get("message").stringValue())
                    .isEqualTo("No run step found with id '" + id + "'.");
        }
    }

    @Test
    void aMessageThatNoRunMadeIsNoStep() {
        var messages = run.substring(0, run.indexOf("/runs")) + "/messages";
        var message = facade.post(messages, "{\"role\":\"user\",\"content\":\"a\"}")
                .get("id")
                .stringValue();

        facade.refused(404, GET, run + "/steps/" + message.replace("msg_", "step_"), "");
    }

    private void emit(RunEvent event) {
        facade.store.emit(facade.store.onlyRun(), event);
    }
}
