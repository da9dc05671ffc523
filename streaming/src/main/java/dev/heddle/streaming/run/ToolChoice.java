package dev.heddle.streaming.run;

/** Whether a model must ask for tools in the first turn of a run; in later turns it may always choose. */
public sealed interface ToolChoice {
    ToolChoice AUTO = new Auto();

    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** No tool, in any turn of the run. */
    record None() implements ToolChoice {}

    /** At least one tool. */
    record Required() implements ToolChoice {}

    /** This function. */
    record Named(String function) implements ToolChoice {}
}
