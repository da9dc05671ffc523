package dev.heddle.streaming.run;

import java.util.List;

/** Whether a model must ask for tools in the first turn of a run; in later turns it may always choose. */
public sealed interface ToolChoice {
    ToolChoice AUTO = new Auto();

    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** No tool, in any turn of the run. */
    record None() implements ToolChoice {}

    /** At least one tool. */
    record Required() implements ToolChoice {}

    /** Of all tools of the run only these may be asked for; {@code required} says whether one must be. */
    record Allowed(List<String> functions, boolean required) implements ToolChoice {
        public Allowed {
            functions = List.copyOf(functions);
        }
    }

    /** This function. */
    record Named(String function) implements ToolChoice {}
}
