package dev.heddle.streaming.run;

import java.util.List;

/** What a turn is made of. */
public sealed interface Item {
    /** Something said by a user or by the model. */
    record Message(Role role, List<Content> content) implements Item {
        public Message {
            content = List.copyOf(content);
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
}
