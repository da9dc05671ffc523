package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.persistence.Conduct;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/** One response that was made in every way a response can be made; always the same ids and times. */
final class Sample {
    static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
    static final ThreadKey THREAD =
            new ThreadKey(TenantId.DEFAULT, new ThreadId(UUID.fromString("019b7c5a-0000-7000-8000-000000000001")));
    static final RunKey RUN = new RunKey(THREAD, 2, new RunId(UUID.fromString("019b7c5a-0000-7000-8000-000000000002")));

    private static final Usage USAGE = new Usage(7, 5, 3, 2);
    private static final Item.Message EMPTY = new Item.Message(Role.ASSISTANT, List.of());

    private Sample() {}

    static FrameCache cache() {
        return new FrameCache(DataSize.ofMegabytes(1));
    }

    /** As it is stored after its end, whatever the end was; a life whose name says so was in the background. */
    static StoredRun run(String life) {
        return new StoredRun(
                RUN,
                RunStatus.COMPLETED,
                Strategy.CONCURRENT,
                spec(echo(life.startsWith("background"))),
                Map.of("b", "2", "a", "1"),
                CREATED,
                CREATED.plusSeconds(600),
                Optional.of(CREATED.plusSeconds(2)),
                Optional.of(CREATED.plusSeconds(9)),
                USAGE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static RunSpec spec(Echo echo) {
        var weather = new FunctionTool("weather", "Tells it.", "{\"type\":\"object\"}", true);
        return new RunSpec(
                null,
                "demo",
                "Be brief.",
                new ModelOptions(0.5, null, 300, "low", null, null, null, null),
                new ToolUse(List.of(weather), ToolChoice.AUTO, true, 4),
                new ContextLimits(null, null, true),
                Conduct.ENDING,
                echo.json());
    }

    private static Echo echo(boolean background) {
        var text = JsonNodeFactory.instance.objectNode();
        text.putObject("format").put("type", "text");
        return new Echo(
                background,
                true,
                true,
                null,
                true,
                "low",
                null,
                text,
                StringNode.valueOf("auto"),
                "disabled",
                "me",
                null,
                null);
    }

    /** Lives by name. */
    static Map<String, List<LoggedEvent>> lives() {
        var lives = new LinkedHashMap<String, List<LoggedEvent>>();
        lives.put("plain", told(said("Hel", "lo \"you\"\n\u2713"), List.of(new RunEvent.Completed(USAGE))));
        lives.put("background", lives.get("plain"));
        lives.put("reasoned", told(reasoned(), said(1, "Yes."), List.of(new RunEvent.Completed(USAGE))));
        lives.put("calls", told(calls(), List.of(new RunEvent.Completed(USAGE))));
        lives.put("tool_of_the_server", told(served(), said(2, "Sunny."), List.of(new RunEvent.Completed(USAGE))));
        lives.put("prepared", told(List.of(new RunEvent.Completed(Usage.NONE))));
        lives.put(
                "incomplete",
                told(
                        cut(ItemStatus.MAX_TOKENS),
                        List.of(new RunEvent.Incomplete(IncompleteReason.MAX_COMPLETION_TOKENS, USAGE))));
        lives.put(
                "filtered",
                told(
                        cut(ItemStatus.CONTENT_FILTER),
                        List.of(new RunEvent.Incomplete(IncompleteReason.CONTENT_FILTER, USAGE))));
        lives.put(
                "failed",
                told(cut(ItemStatus.RUN_FAILED), List.of(new RunEvent.Failed(RunFailure.serverError("No."), USAGE))));
        lives.put("expired", told(stopped(StopCause.EXPIRY, ItemStatus.RUN_EXPIRED)));
        lives.put("steered", told(stopped(StopCause.LATER_RUN, ItemStatus.RUN_CANCELLED)));
        lives.put("background_steered", lives.get("steered"));
        lives.put("background_cancelled", told(stopped(StopCause.CLIENT, ItemStatus.RUN_CANCELLED)));
        lives.put("cancelled_by_another_facade", lives.get("background_cancelled"));
        return lives;
    }

    @SafeVarargs
    private static List<LoggedEvent> told(List<? extends RunEvent>... parts) {
        var events = new ArrayList<RunEvent>(
                List.of(new RunEvent.Admitted(), new RunEvent.Started(CREATED), new RunEvent.ModelCallStarted(0)));
        for (var part : parts) {
            events.addAll(part);
        }
        var logged = new ArrayList<LoggedEvent>();
        for (RunEvent event : events) {
            var ofRun = new ThreadEvent.OfRun(RUN.id(), logged.size(), event);
            logged.add(new LoggedEvent(logged.size() + 5, 2, CREATED.plusSeconds(logged.size()), ofRun));
        }
        return logged;
    }

    private static List<RunEvent> said(String first, String second) {
        return List.of(
                opened(0, EMPTY),
                new RunEvent.TextAppended(0, item(0), first),
                new RunEvent.TextAppended(0, item(0), second),
                closed(0, ItemStatus.COMPLETED, Item.Message.of(Role.ASSISTANT, first + second)));
    }

    private static List<RunEvent> said(int index, String text) {
        return List.of(
                opened(index, EMPTY),
                new RunEvent.TextAppended(index, item(index), text),
                closed(index, ItemStatus.COMPLETED, Item.Message.of(Role.ASSISTANT, text)));
    }

    private static List<RunEvent> reasoned() {
        return List.of(
                opened(0, new Item.Reasoning("")),
                new RunEvent.ReasoningAppended(0, item(0), "Let me "),
                new RunEvent.ReasoningAppended(0, item(0), "see."),
                closed(0, ItemStatus.COMPLETED, new Item.Reasoning("Let me see.")));
    }

    /** Two at once, whose pieces take turns; the second one has no arguments. */
    private static List<RunEvent> calls() {
        return List.of(
                opened(0, call("call_a", "")),
                new RunEvent.ArgumentsAppended(0, item(0), "{\"a\""),
                opened(1, call("call_b", "")),
                new RunEvent.ArgumentsAppended(0, item(0), ":1}"),
                closed(0, ItemStatus.COMPLETED, call("call_a", "{\"a\":1}")),
                closed(1, ItemStatus.COMPLETED, call("call_b", "")));
    }

    private static List<RunEvent> served() {
        return List.of(
                opened(0, call("call_a", "")),
                new RunEvent.ArgumentsAppended(0, item(0), "{}"),
                closed(0, ItemStatus.COMPLETED, call("call_a", "{}")),
                opened(1, new Item.FunctionCallOutput(new CallId("call_a"), "")),
                closed(1, ItemStatus.COMPLETED, new Item.FunctionCallOutput(new CallId("call_a"), "sun")));
    }

    private static List<RunEvent> cut(ItemStatus status) {
        return List.of(
                opened(0, EMPTY),
                new RunEvent.TextAppended(0, item(0), "Hel"),
                closed(0, status, Item.Message.of(Role.ASSISTANT, "Hel")));
    }

    private static List<RunEvent> stopped(StopCause cause, ItemStatus status) {
        return List.of(
                opened(0, EMPTY),
                new RunEvent.TextAppended(0, item(0), "Hel"),
                new RunEvent.StopRequested(cause),
                closed(0, status, Item.Message.of(Role.ASSISTANT, "Hel")),
                cause.ending(USAGE));
    }

    private static RunEvent opened(int index, Item start) {
        return new RunEvent.ItemOpened(index, item(index), 0, start);
    }

    private static RunEvent closed(int index, ItemStatus status, Item end) {
        return new RunEvent.ItemClosed(index, item(index), status, end, Usage.NONE);
    }

    private static Item.FunctionCall call(String id, String arguments) {
        return new Item.FunctionCall(new CallId(id), "weather", arguments);
    }

    private static ItemId item(int index) {
        return new ItemId(UUID.fromString("019b7c5a-0000-7000-8000-00000000001" + index));
    }
}
