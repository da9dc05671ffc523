package dev.heddle.streaming.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tools a run offers to its model.
 *
 * @param parallel whether the model may ask for several calls at once; if not, only the first of a turn is made
 * @param maxServerCalls how many calls the server makes itself, over the whole run; null for no bound
 */
public record ToolUse(
        List<FunctionTool> tools,
        ToolChoice choice,
        boolean parallel,
        @Nullable Integer maxServerCalls) {
    /** No tools. */
    public static final ToolUse NONE = new ToolUse(List.of(), ToolChoice.AUTO, true);

    public ToolUse {
        tools = List.copyOf(tools);
    }

    public ToolUse(List<FunctionTool> tools, ToolChoice choice, boolean parallel) {
        this(tools, choice, parallel, null);
    }
}
