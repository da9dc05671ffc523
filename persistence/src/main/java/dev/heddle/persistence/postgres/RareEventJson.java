package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The spelling of every event but text and arguments, as trees: they are few. What was written once must be readable for ever. */
final class RareEventJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RareEventJson() {}

    static ObjectNode of(ThreadEvent event) {
        return switch (event) {
            case ThreadEvent.OfRun ofRun -> of(ofRun.event());
            case ThreadEvent.ItemAdded added ->
                event("message_added").put("id", added.item().toString()).set("item", ItemJson.of(added.content()));
            case ThreadEvent.OwnerChanged changed ->
                event("owner_changed").put("node", changed.node().toString()).put("epoch", changed.epoch());
            case ThreadEvent.ItemDeleted deleted ->
                deleted(event("message_deleted").put("id", deleted.item().toString()), deleted.kind());
            case ThreadEvent.TurnsWithdrawn withdrawn ->
                event("turns_withdrawn").set("turns", numbers(withdrawn.turns()));
            case ThreadEvent.TurnsImported imported ->
                event("turns_imported")
                        .put("from", imported.from().toString())
                        .put("first", imported.firstTurn())
                        .put("last", imported.lastTurn());
        };
    }

    static ObjectNode of(RunEvent event) {
        return switch (event) {
            case RunEvent.Admitted _ -> event("admitted");
            case RunEvent.Started started ->
                event("started").put("expires", started.expiresAt().toEpochMilli());
            case RunEvent.ActionRequired action -> event("action_required").set("calls", ItemJson.of(action.calls()));
            case RunEvent.OutputsSubmitted _ -> event("outputs_submitted");
            case RunEvent.Resumed _ -> event("resumed");
            case RunEvent.StopRequested stop -> event("stop_requested").put("cause", Spelling.of(stop.cause()));
            case RunEvent.ModelCallStarted call -> event("call_started").put("call", call.modelCall());
            case RunEvent.ModelCallEnded call -> usage(event("call_ended").put("call", call.modelCall()), call.usage());
            case RunEvent.ItemOpened opened ->
                output("item_opened", opened).put("call", opened.modelCall()).set("item", ItemJson.of(opened.start()));
            case RunEvent.TextAppended text -> output("text", text).put("t", text.text());
            case RunEvent.ReasoningAppended reasoning ->
                output("reasoning", reasoning).put("t", reasoning.text());
            case RunEvent.ArgumentsAppended appended ->
                output("arguments", appended).put("t", appended.arguments());
            case RunEvent.ItemClosed closed ->
                usage(output("item_closed", closed), closed.usage())
                        .put("status", Spelling.of(closed.status()))
                        .set("item", ItemJson.of(closed.end()));
            case RunEvent.Terminal terminal -> usage(terminal(terminal), terminal.usage());
        };
    }

    private static ObjectNode terminal(RunEvent.Terminal terminal) {
        return switch (terminal) {
            case RunEvent.Completed _ -> event("completed");
            case RunEvent.Incomplete incomplete -> event("incomplete").put("reason", Spelling.of(incomplete.reason()));
            case RunEvent.Failed failed ->
                event("failed")
                        .put("code", Spelling.of(failed.failure().code()))
                        .put("message", failed.failure().message());
            case RunEvent.Cancelled cancelled -> event("cancelled").put("cause", Spelling.of(cancelled.cause()));
            case RunEvent.Expired _ -> event("expired");
        };
    }

    static ThreadEvent threadEvent(JsonNode json) {
        return switch (text(json, "e")) {
            case "message_added" -> new ThreadEvent.ItemAdded(item(json), content(json));
            case "owner_changed" -> new ThreadEvent.OwnerChanged(new NodeId(uuid(json, "node")), number(json, "epoch"));
            case "message_deleted" -> new ThreadEvent.ItemDeleted(item(json), kind(json));
            case "turns_withdrawn" -> new ThreadEvent.TurnsWithdrawn(numbers(json.required("turns")));
            case "turns_imported" ->
                new ThreadEvent.TurnsImported(
                        new ThreadId(uuid(json, "from")), number(json, "first"), number(json, "last"));
            case String unknown -> throw new IllegalArgumentException("No event of a thread is named " + unknown);
        };
    }

    static RunEvent runEvent(String name, JsonNode json) {
        return switch (name) {
            case "admitted" -> new RunEvent.Admitted();
            case "started" -> new RunEvent.Started(Instant.ofEpochMilli(number(json, "expires")));
            case "action_required" -> new RunEvent.ActionRequired(ItemJson.calls(json.required("calls")));
            case "outputs_submitted" -> new RunEvent.OutputsSubmitted();
            case "resumed" -> new RunEvent.Resumed();
            case "stop_requested" -> new RunEvent.StopRequested(cause(json));
            case "call_started" -> new RunEvent.ModelCallStarted((int) number(json, "call"));
            case "call_ended" -> new RunEvent.ModelCallEnded((int) number(json, "call"), usage(json));
            case "item_opened" ->
                new RunEvent.ItemOpened(index(json), item(json), (int) number(json, "call"), content(json));
            case "item_closed" ->
                new RunEvent.ItemClosed(index(json), item(json), status(json), content(json), usage(json));
            case "completed" -> new RunEvent.Completed(usage(json));
            case "incomplete" ->
                new RunEvent.Incomplete(Spelling.read(IncompleteReason.class, text(json, "reason")), usage(json));
            case "failed" -> new RunEvent.Failed(failure(json), usage(json));
            case "cancelled" -> new RunEvent.Cancelled(cause(json), usage(json));
            case "expired" -> new RunEvent.Expired(usage(json));
            default -> throw new IllegalArgumentException("No event of a run is named " + name);
        };
    }

    private static ObjectNode event(String name) {
        return JSON.objectNode().put("e", name);
    }

    private static ArrayNode numbers(List<Long> numbers) {
        var json = JSON.arrayNode();
        numbers.forEach(json::add);
        return json;
    }

    private static List<Long> numbers(JsonNode json) {
        return json.asArray().valueStream().map(JsonNode::longValue).toList();
    }

    private static ObjectNode output(String name, RunEvent.Output output) {
        return event(name)
                .put("i", output.outputIndex())
                .put("id", output.item().toString());
    }

    /** A message, of which it was said before there were other kinds, is told without its kind. */
    private static ObjectNode deleted(ObjectNode json, Item.Kind kind) {
        return kind == Item.Kind.MESSAGE ? json : json.put("kind", Spelling.of(kind));
    }

    private static ObjectNode usage(ObjectNode json, Usage usage) {
        json.put("prompt", usage.promptTokens()).put("completion", usage.completionTokens());
        if (usage.cachedTokens() > 0) {
            json.put("cached", usage.cachedTokens());
        }
        if (usage.reasoningTokens() > 0) {
            json.put("reasoning", usage.reasoningTokens());
        }
        return json;
    }

    private static Usage usage(JsonNode json) {
        return new Usage(
                number(json, "prompt"),
                number(json, "completion"),
                json.path("cached").longValue(0),
                json.path("reasoning").longValue(0));
    }

    private static RunFailure failure(JsonNode json) {
        return new RunFailure(Spelling.read(RunFailure.Code.class, text(json, "code")), text(json, "message"));
    }

    private static StopCause cause(JsonNode json) {
        return Spelling.read(StopCause.class, text(json, "cause"));
    }

    private static ItemStatus status(JsonNode json) {
        return Spelling.read(ItemStatus.class, text(json, "status"));
    }

    private static int index(JsonNode json) {
        return (int) number(json, "i");
    }

    private static ItemId item(JsonNode json) {
        return new ItemId(uuid(json, "id"));
    }

    /** Only messages could be deleted before there was a kind. */
    private static Item.Kind kind(JsonNode json) {
        return json.optional("kind")
                .map(kind -> Spelling.read(Item.Kind.class, kind.stringValue()))
                .orElse(Item.Kind.MESSAGE);
    }

    private static Item content(JsonNode json) {
        return ItemJson.item(json.required("item"));
    }

    private static UUID uuid(JsonNode json, String name) {
        return UUID.fromString(text(json, name));
    }

    private static String text(JsonNode json, String name) {
        return json.required(name).stringValue();
    }

    private static long number(JsonNode json, String name) {
        return json.required(name).longValue();
    }
}
