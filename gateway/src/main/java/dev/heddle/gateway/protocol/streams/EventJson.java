package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An event of a thread's log as JSON: {@code seq}, {@code turn} and {@code at}, of a run also {@code run_id} and
 * {@code run_seq}, of an output item {@code output_index} and {@code item_id}, then what is the event's own.
 */
final class EventJson {
    private EventJson() {}

    static String name(ThreadEvent event) {
        return switch (event) {
            case ThreadEvent.OfRun ofRun -> name(ofRun.event());
            case ThreadEvent.ItemAdded added -> word(added.content().kind(), "added");
            case ThreadEvent.ItemDeleted deleted -> word(deleted.kind(), "deleted");
            case ThreadEvent.TurnsWithdrawn _ -> "turns.withdrawn";
            case ThreadEvent.TurnsImported _ -> "turns.imported";
            case ThreadEvent.OwnerChanged _ -> "owner.changed";
        };
    }

    private static String name(RunEvent event) {
        return switch (event) {
            case RunEvent.Admitted _ -> "run.admitted";
            case RunEvent.Started _ -> "run.started";
            case RunEvent.ActionRequired _ -> "run.action_required";
            case RunEvent.OutputsSubmitted _ -> "run.outputs_submitted";
            case RunEvent.Resumed _ -> "run.resumed";
            case RunEvent.StopRequested _ -> "run.stop_requested";
            case RunEvent.Completed _ -> "run.completed";
            case RunEvent.Incomplete _ -> "run.incomplete";
            case RunEvent.Failed _ -> "run.failed";
            case RunEvent.Cancelled _ -> "run.cancelled";
            case RunEvent.Expired _ -> "run.expired";
            case RunEvent.ModelCallStarted _ -> "model_call.started";
            case RunEvent.ModelCallEnded _ -> "model_call.ended";
            case RunEvent.ItemOpened _ -> "item.opened";
            case RunEvent.TextAppended _ -> "text.appended";
            case RunEvent.ReasoningAppended _ -> "reasoning.appended";
            case RunEvent.ArgumentsAppended _ -> "arguments.appended";
            case RunEvent.ItemClosed _ -> "item.closed";
        };
    }

    static Map<String, Object> of(LoggedEvent logged) {
        var json = new LinkedHashMap<String, Object>();
        json.put("seq", logged.seq());
        json.put("turn", logged.turn());
        json.put("at", logged.at().toString());
        switch (logged.event()) {
            case ThreadEvent.OfRun ofRun -> putRun(json, ofRun);
            case ThreadEvent.ItemAdded added -> putAdded(json, added);
            case ThreadEvent.ItemDeleted deleted -> json.put("item_id", OpenAiIds.item(deleted.item(), deleted.kind()));
            case ThreadEvent.TurnsWithdrawn withdrawn -> json.put("turns", withdrawn.turns());
            case ThreadEvent.TurnsImported imported -> putImport(json, imported);
            case ThreadEvent.OwnerChanged changed -> json.put("epoch", changed.epoch());
        }
        return json;
    }

    private static void putRun(Map<String, Object> json, ThreadEvent.OfRun ofRun) {
        json.put("run_id", OpenAiIds.run(ofRun.run()));
        json.put("run_seq", ofRun.runSeq());
        switch (ofRun.event()) {
            case RunEvent.Lifecycle lifecycle -> putLifecycle(json, lifecycle);
            case RunEvent.Output output -> putOutput(json, output);
            case RunEvent.ModelCallStarted started -> json.put("model_call", started.modelCall());
            case RunEvent.ModelCallEnded ended -> {
                json.put("model_call", ended.modelCall());
                json.put("usage", UsageJson.of(ended.usage()));
            }
        }
    }

    private static void putLifecycle(Map<String, Object> json, RunEvent.Lifecycle lifecycle) {
        switch (lifecycle) {
            case RunEvent.Admitted _, RunEvent.OutputsSubmitted _, RunEvent.Resumed _ -> {}
            case RunEvent.ActionRequired required ->
                json.put("calls", required.calls().stream().map(ItemJson::of).toList());
            case RunEvent.Started started ->
                json.put("expires_at", started.expiresAt().getEpochSecond());
            case RunEvent.StopRequested stop -> json.put("cause", word(stop.cause()));
            case RunEvent.Terminal terminal -> putTerminal(json, terminal);
        }
    }

    private static void putTerminal(Map<String, Object> json, RunEvent.Terminal terminal) {
        switch (terminal) {
            case RunEvent.Failed failed -> json.put("error", FailureJson.of(failed.failure()));
            case RunEvent.Incomplete cut -> json.put("reason", word(cut.reason()));
            case RunEvent.Cancelled cancelled -> json.put("cause", word(cancelled.cause()));
            case RunEvent.Completed _, RunEvent.Expired _ -> {}
        }
        json.put("usage", UsageJson.of(terminal.usage()));
    }

    private static void putOutput(Map<String, Object> json, RunEvent.Output output) {
        json.put("output_index", output.outputIndex());
        switch (output) {
            case RunEvent.ItemOpened opened -> {
                json.put("item_id", id(opened.item(), opened.start()));
                json.put("model_call", opened.modelCall());
                json.put("item", ItemJson.of(opened.start()));
            }
            case RunEvent.TextAppended appended -> {
                json.put("item_id", OpenAiIds.message(appended.item()));
                json.put("text", appended.text());
            }
            case RunEvent.ReasoningAppended appended -> {
                json.put("item_id", OpenAiIds.item(appended.item(), Item.Kind.REASONING));
                json.put("text", appended.text());
            }
            case RunEvent.ArgumentsAppended appended -> {
                json.put("item_id", OpenAiIds.item(appended.item(), Item.Kind.FUNCTION_CALL));
                json.put("arguments", appended.arguments());
            }
            case RunEvent.ItemClosed closed -> {
                json.put("item_id", id(closed.item(), closed.end()));
                json.put("status", word(closed.status()));
                json.put("item", ItemJson.of(closed.end()));
                json.put("usage", UsageJson.of(closed.usage()));
            }
        }
    }

    private static void putImport(Map<String, Object> json, ThreadEvent.TurnsImported imported) {
        json.put("from_thread_id", OpenAiIds.thread(imported.from()));
        json.put("first_turn", imported.firstTurn());
        json.put("last_turn", imported.lastTurn());
    }

    private static void putAdded(Map<String, Object> json, ThreadEvent.ItemAdded added) {
        json.put("item_id", id(added.item(), added.content()));
        json.put("item", ItemJson.of(added.content()));
    }

    private static String id(ItemId id, Item item) {
        return OpenAiIds.item(id, item.kind());
    }

    /** Messages are called so; items of other kinds are just items. */
    private static String word(Item.Kind kind, String what) {
        return (kind == Item.Kind.MESSAGE ? "message." : "item.") + what;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
