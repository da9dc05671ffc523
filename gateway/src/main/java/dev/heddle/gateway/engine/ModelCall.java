package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;

/**
 * One request to a model.
 *
 * @param instructions goes before the context; may be empty
 * @param context the messages the model sees, oldest first
 * @param toolUse what it may ask for in this very call
 * @param tellsReasoning whether what it says of its reasoning is wanted; it is passed over otherwise
 */
public record ModelCall(
        String model,
        String instructions,
        List<ContextMessage> context,
        ModelOptions options,
        ToolUse toolUse,
        boolean tellsReasoning) {
    public ModelCall {
        context = List.copyOf(context);
    }

    /** Its reasoning is passed over. */
    public ModelCall(
            String model, String instructions, List<ContextMessage> context, ModelOptions options, ToolUse toolUse) {
        this(model, instructions, context, options, toolUse, false);
    }
}
