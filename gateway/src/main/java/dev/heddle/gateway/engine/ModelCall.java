package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import java.util.List;

/**
 * One request to a model.
 *
 * @param instructions goes before the context; may be empty
 * @param context the items the model sees, oldest first
 */
public record ModelCall(String model, String instructions, List<Item> context, ModelOptions options) {
    public ModelCall {
        context = List.copyOf(context);
    }
}
