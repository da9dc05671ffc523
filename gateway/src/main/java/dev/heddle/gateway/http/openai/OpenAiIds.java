package dev.heddle.gateway.http.openai;

import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import java.util.Arrays;
import java.util.UUID;

/**
 * Ids in OpenAI's spelling: a prefix, an underscore and 24 letters or digits. Reading one throws {@code InvalidRequest}
 * for a wrong prefix, naming {@code param}, and {@code UnknownId} for the right prefix with an id of nothing.
 */
public final class OpenAiIds {
    private OpenAiIds() {}

    public static String assistant(AssistantId id) {
        return Kind.ASSISTANT.write(id.value());
    }

    public static String thread(ThreadId id) {
        return Kind.THREAD.write(id.value());
    }

    public static String run(RunId id) {
        return Kind.RUN.write(id.value());
    }

    public static String message(ItemId id) {
        return Kind.MESSAGE.write(id.value());
    }

    /** A run as a response. */
    public static String response(RunId id) {
        return Kind.RESPONSE.write(id.value());
    }

    /** A thread as a conversation. */
    public static String conversation(ThreadId id) {
        return Kind.CONVERSATION.write(id.value());
    }

    /** An item of any kind. */
    public static String item(ItemId id, Item.Kind kind) {
        return of(kind).write(id.value());
    }

    /** The step that created the message of this id, or whose first function call is the item of this id. */
    public static String step(ItemId id) {
        return Kind.STEP.write(id.value());
    }

    public static AssistantId assistant(String param, String text) {
        return new AssistantId(Kind.ASSISTANT.read(param, text));
    }

    public static ThreadId thread(String param, String text) {
        return new ThreadId(Kind.THREAD.read(param, text));
    }

    public static RunId run(String param, String text) {
        return new RunId(Kind.RUN.read(param, text));
    }

    public static ItemId message(String param, String text) {
        return new ItemId(Kind.MESSAGE.read(param, text));
    }

    public static RunId response(String param, String text) {
        return new RunId(Kind.RESPONSE.read(param, text));
    }

    public static ThreadId conversation(String param, String text) {
        return new ThreadId(Kind.CONVERSATION.read(param, text));
    }

    /** A thread, be it called so or a conversation. */
    public static ThreadId threadOrConversation(String param, String text) {
        return text.startsWith(Kind.CONVERSATION.prefix) ? conversation(param, text) : thread(param, text);
    }

    /** A conversation, be it called so or a thread. */
    public static ThreadId conversationOrThread(String param, String text) {
        return text.startsWith(Kind.THREAD.prefix + "_") ? thread(param, text) : conversation(param, text);
    }

    /** A run, be it called so or a response. */
    public static RunId runOrResponse(String param, String text) {
        return text.startsWith(Kind.RESPONSE.prefix) ? response(param, text) : run(param, text);
    }

    /** An item, whatever its kind: the prefix must be that of some kind. */
    public static ItemId item(String param, String text) {
        return new ItemId(ofPrefix(text).read(param, text));
    }

    public static ItemId step(String param, String text) {
        return new ItemId(Kind.STEP.read(param, text));
    }

    private static Kind of(Item.Kind kind) {
        return switch (kind) {
            case MESSAGE -> Kind.MESSAGE;
            case FUNCTION_CALL -> Kind.FUNCTION_CALL;
            case FUNCTION_CALL_OUTPUT -> Kind.FUNCTION_CALL_OUTPUT;
            case REASONING -> Kind.REASONING;
            case COMPACTION -> Kind.COMPACTION;
        };
    }

    private static Kind ofPrefix(String text) {
        return Arrays.stream(Item.Kind.values())
                .map(OpenAiIds::of)
                .filter(kind -> text.startsWith(kind.prefix + "_"))
                .findFirst()
                .orElse(Kind.MESSAGE);
    }

    private enum Kind {
        ASSISTANT("asst", "assistant"),
        THREAD("thread", "thread"),
        RUN("run", "run"),
        MESSAGE("msg", "message"),
        STEP("step", "run step"),
        FUNCTION_CALL("fc", "function call"),
        FUNCTION_CALL_OUTPUT("fco", "function call output"),
        REASONING("rs", "reasoning"),
        COMPACTION("cmp", "compaction"),
        RESPONSE("resp", "response"),
        CONVERSATION("conv", "conversation");

        private final String prefix;
        private final String noun;

        Kind(String prefix, String noun) {
            this.prefix = prefix;
            this.noun = noun;
        }

        String write(UUID id) {
            return prefix + "_" + Base62.encode(id);
        }

        UUID read(String param, String text) {
            if (!text.startsWith(prefix)) {
                throw Invalid.id(param, text, prefix);
            }
            // Prefix and underscore are skipped by length: a wrong character there makes a wrong length or digit.
            return Base62.decode(text.substring(Math.min(text.length(), prefix.length() + 1)))
                    .filter(id -> write(id).equals(text))
                    .orElseThrow(() -> new ProblemException(new Problem.UnknownId(noun, text)));
        }
    }
}
