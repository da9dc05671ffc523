package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunFailure;
import java.time.Duration;
import java.util.List;

/** What the tests of {@link ChatCompletionsModel} share. */
final class ModelCalls {
    /** Patient, and quick to try again. */
    static final UpstreamSettings.Retries QUICK_RETRIES =
            new UpstreamSettings.Retries(3, Duration.ofMillis(2), Duration.ofMillis(4), Duration.ofSeconds(20));

    private ModelCalls() {}

    static UpstreamSettings settings(ScriptedModelServer server) {
        return UpstreamSettings.of(server.baseUrl(), "").withRetries(QUICK_RETRIES);
    }

    static ModelCall asking(String question) {
        return new ModelCall("m", "", List.of(Item.Message.of(Role.USER, question)), ModelOptions.DEFAULTS);
    }

    static ModelEvent text(String text) {
        return new ModelEvent.Text(text);
    }

    /** The failure inside an error, which must be a {@code ModelFailed}. */
    static RunFailure failure(Throwable error) {
        return ((Problem.ModelFailed) ((ProblemException) error).problem()).failure();
    }
}
