package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ContextMessage;
import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

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
        return call(ToolUse.NONE, said(Role.USER, question));
    }

    /** With functions of these names to ask for. */
    static ModelCall offering(String question, String... functions) {
        var tools = Stream.of(functions)
                .map(name -> new FunctionTool(name, null, null, null))
                .toList();
        return call(new ToolUse(tools, ToolChoice.AUTO, true), said(Role.USER, question));
    }

    static ModelCall call(ToolUse toolUse, ContextMessage... context) {
        return new ModelCall("m", "", List.of(context), ModelOptions.DEFAULTS, toolUse);
    }

    static ContextMessage said(Role role, String text) {
        return new ContextMessage.Said(Item.Message.of(role, text));
    }

    static ModelEvent text(String text) {
        return new ModelEvent.Text(text);
    }

    /** The failure inside an error, which must be a {@code ModelFailed}. */
    static RunFailure failure(Throwable error) {
        return ((Problem.ModelFailed) ((ProblemException) error).problem()).failure();
    }
}
