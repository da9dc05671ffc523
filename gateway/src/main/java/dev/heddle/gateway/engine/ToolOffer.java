package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;

/** What a run lets its model ask for, from one model call to the next, and which of it is this server's to call. */
final class ToolOffer {
    private final ToolRunner tools;

    ToolOffer(ToolRunner tools) {
        this.tools = tools;
    }

    /** What a model is told of the tool: a run that only names a tool of this server means that one. */
    FunctionTool definition(FunctionTool named) {
        return named.description() == null && named.parameters() == null
                ? tools.find(named.name())
                        .map(ToolRunner.ServerTool::definition)
                        .orElse(named)
                : named;
    }

    /** What the next model call of the run may ask for. */
    ToolUse next(RunProgress progress) {
        ToolUse use = progress.spec().toolUse();
        return offered(use, progress.modelCalls(), isSpent(progress));
    }

    /** What the first model call of a run may ask for. */
    ToolUse first(ToolUse use) {
        return offered(use, 0, use.maxServerCalls() != null && use.maxServerCalls() == 0);
    }

    /** Fails a run whose model asks for a function that it is not allowed, whoever would have to call it. */
    static void check(ToolUse use, ModelEvent event) {
        if (event instanceof ModelEvent.CallBegun begun && !isAllowed(use.choice(), begun.function())) {
            throw new ProblemException(new Problem.ModelFailed(RunFailure.serverError(
                    "The model asked for the function '" + begun.function() + "', which it is not allowed.")));
        }
    }

    /** Whether the call is this server's to answer: of a tool of its own that the run offers. */
    boolean isOurs(RunProgress progress, Item.FunctionCall call) {
        ToolUse use = progress.spec().toolUse();
        return isOurs(call.name())
                && isAllowed(use.choice(), call.name())
                && use.tools().stream().anyMatch(tool -> tool.name().equals(call.name()));
    }

    /** Whether the run may make so many calls of this server's tools as this one is by its place among them. */
    boolean isWithinLimit(RunProgress progress, Item.FunctionCall call) {
        Integer max = progress.spec().toolUse().maxServerCalls();
        return max == null || oursOf(progress).indexOf(call) < max;
    }

    private boolean isSpent(RunProgress progress) {
        Integer max = progress.spec().toolUse().maxServerCalls();
        return max != null && oursOf(progress).size() >= max;
    }

    private List<Item.FunctionCall> oursOf(RunProgress progress) {
        return progress.calls().stream().filter(call -> isOurs(progress, call)).toList();
    }

    private ToolUse offered(ToolUse use, int modelCall, boolean withoutOurs) {
        List<FunctionTool> offered = use.tools().stream()
                .filter(tool -> isAllowed(use.choice(), tool.name()))
                .filter(tool -> !withoutOurs || !isOurs(tool.name()))
                .map(this::definition)
                .toList();
        return new ToolUse(offered, choice(use.choice(), modelCall, offered), use.parallel());
    }

    private static boolean isAllowed(ToolChoice choice, String function) {
        return !(choice instanceof ToolChoice.Allowed allowed)
                || allowed.functions().contains(function);
    }

    private boolean isOurs(String function) {
        return tools.find(function).isPresent();
    }

    /** A model that had to call a function once more after it has its output would never come to an end. */
    private static ToolChoice choice(ToolChoice choice, int modelCall, List<FunctionTool> offered) {
        return switch (choice) {
            case ToolChoice.Required _ -> modelCall == 0 ? choice : ToolChoice.AUTO;
            case ToolChoice.Named named -> modelCall == 0 && has(offered, named.function()) ? choice : ToolChoice.AUTO;
            case ToolChoice.Allowed allowed ->
                new ToolChoice.Allowed(allowed.functions(), allowed.required() && modelCall == 0);
            case ToolChoice.Auto _, ToolChoice.None _ -> choice;
        };
    }

    private static boolean has(List<FunctionTool> offered, String function) {
        return offered.stream().anyMatch(tool -> tool.name().equals(function));
    }
}
