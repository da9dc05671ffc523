package dev.heddle.streaming.run;

import java.util.List;

/**
 * The tools a run offers to its model.
 *
 * @param parallel whether the model may ask for several calls at once; if not, only the first of a turn is made
 */
public record ToolUse(List<FunctionTool> tools, ToolChoice choice, boolean parallel) {
    /** No tools. */
    public static final ToolUse NONE = new ToolUse(List.of(), ToolChoice.AUTO, true);

    public ToolUse {
        tools = List.copyOf(tools);
    }
}
