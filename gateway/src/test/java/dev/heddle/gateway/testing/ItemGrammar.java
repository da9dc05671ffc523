package dev.heddle.gateway.testing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What may come between an item's {@code output_item.added} and its {@code output_item.done}:
 *
 * <pre>
 * message   := ( content_part.added (output_text.delta+ annotation.added* output_text.done
 *                                    | refusal.delta+ refusal.done) content_part.done )+
 * call      := arguments.delta+ arguments.done
 * reasoning := ( summary_part.added summary_text.delta* summary_text.done summary_part.done )*
 * mcp       := mcp_list_tools.in_progress (completed | failed)
 *            | mcp_call.in_progress arguments.delta* arguments.done (completed | failed)
 * </pre>
 *
 * <p>Items of other types come whole, without a body.
 */
abstract class ItemGrammar {
    private final JsonNode added;
    private @Nullable JsonNode done;

    ItemGrammar(JsonNode added) {
        this.added = added;
    }

    static ItemGrammar of(JsonNode item) {
        String type = Violation.text(item, "type");
        return switch (type) {
            case "message" -> new PartsGrammar.Message(item);
            case "reasoning" -> new PartsGrammar.Reasoning(item);
            case "function_call" -> new Call(item, "response.function_call_arguments", "arguments");
            case "custom_tool_call" -> new Call(item, "response.custom_tool_call_input", "input");
            case "mcp_list_tools", "mcp_call" -> new Mcp(item);
            default -> new Whole(item);
        };
    }

    final String id() {
        return Violation.text(added, "id");
    }

    final boolean isDone() {
        return done != null;
    }

    /** As it was shown last. */
    final JsonNode last() {
        return done == null ? added : done;
    }

    final void accept(String type, JsonNode event) {
        Violation.unless(!isDone(), "nothing should come of an item behind its output_item.done: " + type);
        body(type, event);
    }

    final void done(JsonNode item) {
        Violation.unless(!isDone(), "output_item.done should come once");
        for (String key : List.of("id", "type", "role", "name", "call_id")) {
            Violation.unlessSame(item.path(key), added.path(key), key + ", as in output_item.added,");
        }
        String status = item.path("status").asString("completed");
        Violation.unless(
                List.of("completed", "incomplete", "failed").contains(status),
                "an item should not be done as " + status);
        end(item);
        done = item;
    }

    final void requireInProgress() {
        Violation.unlessSame(Violation.text(added, "status"), "in_progress", "the status of an added item");
    }

    static Violation unexpected(String type) {
        return Violation.of(type + " should not come here");
    }

    /** An event of the item, which is not done yet. */
    abstract void body(String type, JsonNode event);

    /** The item's last form, in front of which its body must be whole. */
    abstract void end(JsonNode item);

    /** A call of a function or a custom tool: its arguments come in pieces. */
    private static final class Call extends ItemGrammar {
        private final String prefix;
        private final String member;
        private final Pieces pieces = new Pieces();
        private final JsonNode call;

        Call(JsonNode item, String prefix, String member) {
            super(item);
            this.prefix = prefix;
            this.member = member;
            this.call = item;
            requireInProgress();
            Violation.text(item, "name");
            Violation.unless(!Violation.text(item, "call_id").equals(id()), "a call's id should not be its call_id");
            Violation.unlessSame(Violation.text(item, member), "", member + " of an added call");
        }

        @Override
        void body(String type, JsonNode event) {
            if (type.equals(prefix + ".delta")) {
                pieces.add(event);
            } else if (type.equals(prefix + ".done")) {
                pieces.end(event, member, true);
                Violation.unless(
                        member.equals("input") || event.get("name").equals(call.get("name")),
                        "name should be that of the call");
            } else {
                throw unexpected(type);
            }
        }

        @Override
        void end(JsonNode item) {
            Violation.unlessSame(Violation.text(item, member), pieces.whole(), member + " of the done call");
            Violation.text(item, "status");
        }
    }

    /** What a remote tool server did. */
    private static final class Mcp extends ItemGrammar {
        private final String prefix;
        private final Pieces arguments = new Pieces();
        private boolean started;
        private boolean ended;

        Mcp(JsonNode item) {
            super(item);
            this.prefix = "response." + item.get("type").stringValue() + ".";
        }

        @Override
        void body(String type, JsonNode event) {
            Violation.unless(!ended, "nothing should come behind the end of a call: " + type);
            if (type.equals(prefix + "in_progress")) {
                Violation.unless(!started, type + " should come once");
                started = true;
            } else if (started && type.equals("response.mcp_call_arguments.delta")) {
                arguments.add(event);
            } else if (started && type.equals("response.mcp_call_arguments.done")) {
                arguments.end(event, "arguments", false);
            } else if (started && (type.equals(prefix + "completed") || type.equals(prefix + "failed"))) {
                ended = true;
            } else {
                throw unexpected(type);
            }
        }

        @Override
        void end(JsonNode item) {
            Violation.unless(ended, prefix + "completed or failed should come in front of output_item.done");
            if (prefix.equals("response.mcp_call.")) {
                Violation.unlessSame(Violation.text(item, "arguments"), arguments.whole(), "arguments");
            }
        }
    }

    /** An item without events of its own. */
    private static final class Whole extends ItemGrammar {
        Whole(JsonNode item) {
            super(item);
        }

        @Override
        void body(String type, JsonNode event) {
            throw unexpected(type);
        }

        @Override
        void end(JsonNode item) {}
    }

    /** A text that comes in pieces and is then repeated whole. */
    static final class Pieces {
        private final List<String> pieces = new ArrayList<>();
        private boolean ended;

        void add(JsonNode event) {
            Violation.unless(!ended, "no delta should come behind the whole text");
            pieces.add(Violation.text(event, "delta"));
        }

        void end(JsonNode event, String member, boolean needsPieces) {
            Violation.unless(!ended, "a whole text should come once");
            Violation.unless(!needsPieces || !pieces.isEmpty(), "a whole text should come behind a delta of it");
            Violation.unlessSame(Violation.text(event, member), String.join("", pieces), member + ", of its deltas,");
            ended = true;
        }

        boolean isEmpty() {
            return pieces.isEmpty();
        }

        boolean isEnded() {
            return ended;
        }

        /** All pieces, which must have ended. */
        String whole() {
            Violation.unless(ended, "the whole text should come in front of the end of what it belongs to");
            return String.join("", pieces);
        }
    }
}
