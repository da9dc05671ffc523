package dev.heddle.streaming.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a turn is made of. */
public sealed interface Item {
    /** Something said by a user or by the model. */
    record Message(
            Role role, List<Content> content, @Nullable Phase phase) implements Item {
        public Message {
            content = List.copyOf(content);
        }

        public Message(Role role, List<Content> content) {
            this(role, content, null);
        }

        /** A message of one text part. */
        public static Message of(Role role, String text) {
            return new Message(role, List.of(new Content.Text(text)));
        }
    }

    /** The model asks for a function; {@code arguments} is JSON text as the model wrote it, so perhaps none. */
    record FunctionCall(CallId call, String name, String arguments) implements Item {}

    /** What came of a function call. */
    record FunctionCallOutput(CallId call, String output) implements Item {}

    /** What a model says of its way to an answer; never shown to a model again. */
    record Reasoning(String summary) implements Item {}

    /** Stands for the items that were left out in front of it; a model is shown the summary instead. */
    record Compaction(String summary) implements Item {}

    /** What it is, without what it says. */
    default Kind kind() {
        return switch (this) {
            case Message _ -> Kind.MESSAGE;
            case FunctionCall _ -> Kind.FUNCTION_CALL;
            case FunctionCallOutput _ -> Kind.FUNCTION_CALL_OUTPUT;
            case Reasoning _ -> Kind.REASONING;
            case Compaction _ -> Kind.COMPACTION;
        };
    }

    enum Kind {
        MESSAGE,
        FUNCTION_CALL,
        FUNCTION_CALL_OUTPUT,
        REASONING,
        COMPACTION
    }

    /** What a message of the model is within its answer, where its client says so. */
    enum Phase {
        COMMENTARY,
        FINAL_ANSWER
    }
}
