package dev.heddle.gateway.protocol.assistants;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Lives of runs that call functions, in the words of {@link Sample}. */
final class ToolLives {
    static final Item.FunctionCall WEATHER =
            new Item.FunctionCall(new CallId("call_weather"), "get_weather", "{\"city\":\"Bonn\"}");
    static final Item.FunctionCall TIME =
            new Item.FunctionCall(new CallId("call_time"), "get_time", "{\"zone\":\"CET\"}");

    private static final Usage USAGE = new Usage(7, 5);
    private static final Usage BOTH = new Usage(14, 10);

    private ToolLives() {}

    static Map<String, List<LoggedEvent>> all() {
        var lives = new LinkedHashMap<String, List<RunEvent>>();
        lives.put("tool", join(paused(), submitted(1, WEATHER), said(2, 1, "Rain."), completed()));
        lives.put(
                "tools_interleaved",
                join(asked(), pause(WEATHER, TIME), submitted(2, TIME, WEATHER), said(4, 1, "Rain."), completed()));
        lives.put(
                "tool_behind_text",
                join(
                        begun(),
                        List.of(started(0)),
                        text(0, 0, "Let me see.", Usage.NONE),
                        called(1, 0, WEATHER),
                        List.of(ended(0)),
                        pause(WEATHER),
                        submitted(2, WEATHER),
                        said(3, 1, "Rain."),
                        completed()));
        lives.put(
                "tool_two_rounds",
                join(
                        paused(),
                        submitted(1, WEATHER),
                        List.of(started(1)),
                        called(2, 1, TIME),
                        List.of(ended(1)),
                        pause(TIME),
                        submitted(3, TIME),
                        said(4, 2, "Rain at noon."),
                        completed()));
        lives.put(
                "tool_of_the_server",
                join(
                        begun(),
                        List.of(started(0)),
                        called(0, 0, WEATHER),
                        List.of(ended(0)),
                        answered(1, WEATHER),
                        said(2, 1, "Rain."),
                        completed()));
        lives.put(
                "tools_of_both",
                join(
                        asked(),
                        answered(2, TIME),
                        pause(WEATHER),
                        submitted(3, WEATHER),
                        said(4, 1, "Rain."),
                        completed()));
        lives.put(
                "tool_cancelled",
                join(paused(), List.of(stop(StopCause.CLIENT), new RunEvent.Cancelled(StopCause.CLIENT, USAGE))));
        lives.put("tool_expired", join(paused(), List.of(stop(StopCause.EXPIRY), new RunEvent.Expired(USAGE))));
        lives.put("tool_failed", join(paused(), List.of(failed(USAGE))));
        lives.put(
                "tool_failed_in_arguments",
                join(asking(), List.of(closed(0, ItemStatus.RUN_FAILED, cut(), Usage.NONE), failed(Usage.NONE))));
        lives.put(
                "tool_incomplete",
                join(
                        asking(),
                        List.of(
                                closed(0, ItemStatus.MAX_TOKENS, cut(), USAGE),
                                ended(0),
                                new RunEvent.Incomplete(IncompleteReason.MAX_COMPLETION_TOKENS, USAGE))));
        var logged = new LinkedHashMap<String, List<LoggedEvent>>();
        lives.forEach((name, life) -> logged.put(name, Sample.logged(life.toArray(RunEvent[]::new))));
        return logged;
    }

    /** From admission to the pause, for the output of one call. */
    static List<RunEvent> paused() {
        return join(begun(), List.of(started(0)), called(0, 0, WEATHER), List.of(ended(0)), pause(WEATHER));
    }

    /** An output in its place, as the lane logs it. */
    static RunEvent[] answered(int outputIndex, Item.FunctionCallOutput output) {
        var start = new Item.FunctionCallOutput(output.call(), "");
        return new RunEvent[] {
            new RunEvent.ItemOpened(outputIndex, item(outputIndex), 0, start),
            new RunEvent.ItemClosed(outputIndex, item(outputIndex), ItemStatus.COMPLETED, output, Usage.NONE)
        };
    }

    private static List<RunEvent> begun() {
        return List.of(new RunEvent.Admitted(), new RunEvent.Started(Sample.CREATED.plusSeconds(601)));
    }

    /** In the middle of the arguments. */
    private static List<RunEvent> asking() {
        return join(begun(), List.of(started(0), opened(0, 0, WEATHER), arguments(0, "{\"city\":")));
    }

    /** Two calls at once, their arguments in pieces that take turns. */
    private static List<RunEvent> asked() {
        return join(
                begun(),
                List.of(
                        started(0),
                        opened(0, 0, WEATHER),
                        arguments(0, "{\"city\":"),
                        opened(1, 0, TIME),
                        arguments(1, "{\"zone\":"),
                        arguments(0, "\"Bonn\"}"),
                        arguments(1, "\"CET\"}"),
                        closed(0, ItemStatus.COMPLETED, WEATHER, USAGE),
                        closed(1, ItemStatus.COMPLETED, TIME, Usage.NONE),
                        ended(0)));
    }

    private static List<RunEvent> called(int index, int modelCall, Item.FunctionCall call) {
        return List.of(
                opened(index, modelCall, call),
                arguments(index, call.arguments()),
                closed(index, ItemStatus.COMPLETED, call, USAGE));
    }

    private static List<RunEvent> pause(Item.FunctionCall... calls) {
        return List.of(new RunEvent.ActionRequired(List.of(calls)));
    }

    private static List<RunEvent> submitted(int index, Item.FunctionCall... calls) {
        var events = new ArrayList<RunEvent>();
        for (int i = 0; i < calls.length; i++) {
            events.addAll(answered(index + i, calls[i]));
        }
        events.addAll(List.of(new RunEvent.OutputsSubmitted(), new RunEvent.Resumed()));
        return events;
    }

    private static List<RunEvent> answered(int index, Item.FunctionCall call) {
        return List.of(answered(index, new Item.FunctionCallOutput(call.call(), "of \"" + call.name() + "\"")));
    }

    private static List<RunEvent> said(int index, int modelCall, String text) {
        return join(List.of(started(modelCall)), text(index, modelCall, text, USAGE), List.of(ended(modelCall)));
    }

    private static List<RunEvent> text(int index, int modelCall, String text, Usage usage) {
        return List.of(
                new RunEvent.ItemOpened(index, item(index), modelCall, new Item.Message(Role.ASSISTANT, List.of())),
                new RunEvent.TextAppended(index, item(index), text),
                closed(index, ItemStatus.COMPLETED, Item.Message.of(Role.ASSISTANT, text), usage));
    }

    private static List<RunEvent> completed() {
        return List.of(new RunEvent.Completed(BOTH));
    }

    private static RunEvent started(int modelCall) {
        return new RunEvent.ModelCallStarted(modelCall);
    }

    private static RunEvent ended(int modelCall) {
        return new RunEvent.ModelCallEnded(modelCall, USAGE);
    }

    private static RunEvent opened(int index, int modelCall, Item.FunctionCall call) {
        return new RunEvent.ItemOpened(
                index, item(index), modelCall, new Item.FunctionCall(call.call(), call.name(), ""));
    }

    private static RunEvent arguments(int index, String fragment) {
        return new RunEvent.ArgumentsAppended(index, item(index), fragment);
    }

    private static RunEvent closed(int index, ItemStatus status, Item end, Usage usage) {
        return new RunEvent.ItemClosed(index, item(index), status, end, usage);
    }

    private static Item.FunctionCall cut() {
        return new Item.FunctionCall(WEATHER.call(), WEATHER.name(), "{\"city\":");
    }

    private static RunEvent stop(StopCause cause) {
        return new RunEvent.StopRequested(cause);
    }

    private static RunEvent failed(Usage usage) {
        return new RunEvent.Failed(RunFailure.serverError("The model's server is gone."), usage);
    }

    /** Always the same id for the item at an output index. */
    static ItemId item(int outputIndex) {
        return new ItemId(UUID.fromString("019b7c5a-0000-7000-8000-00000000001" + outputIndex));
    }

    @SafeVarargs
    private static List<RunEvent> join(List<RunEvent>... parts) {
        var all = new ArrayList<RunEvent>();
        for (List<RunEvent> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
