package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;

import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.Usage;
import org.junit.jupiter.api.Test;

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
