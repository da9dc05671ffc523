package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import java.util.List;

/** One message of what a model sees. */
public sealed interface ContextMessage {
    /** What a user or the model said. */
    record Said(Item.Message message) implements ContextMessage {}

    /** One answer of the model that asked for functions, perhaps after some text. Exactly its outputs follow, in order. */
    record Called(List<Content> text, List<Item.FunctionCall> calls) implements ContextMessage {
        public Called {
            text = List.copyOf(text);
            calls = List.copyOf(calls);
        }
    }

    /** What came of one of these calls. */
    record Answered(Item.FunctionCallOutput output) implements ContextMessage {}
}
