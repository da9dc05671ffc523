package dev.heddle.streaming.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Legal lives of runs, for tests. */
public final class TestRuns {
    /** Times carry milliseconds, as everything that is stored. */
    public static final Instant EXPIRES_AT = Instant.parse("2026-01-02T03:14:05.678Z");

    public static final Usage USAGE = new Usage(7, 5);

    private TestRuns() {}

    public static RunEvent admitted() {
        return new RunEvent.Admitted();
    }

    public static RunEvent started() {
        return new RunEvent.Started(EXPIRES_AT);
    }

    public static RunEvent opened(ItemId item) {
        return opened(0, item);
    }

    public static RunEvent opened(int outputIndex, ItemId item) {
        return new RunEvent.ItemOpened(outputIndex, item, outputIndex, new Item.Message(Role.ASSISTANT, List.of()));
    }

    public static RunEvent said(ItemId item, String text) {
        return new RunEvent.TextAppended(0, item, text);
    }

    public static RunEvent closed(ItemId item, String text) {
        return closed(0, item, ItemStatus.COMPLETED, text);
    }

    public static RunEvent closed(int outputIndex, ItemId item, ItemStatus status, String text) {
        return new RunEvent.ItemClosed(outputIndex, item, status, Item.Message.of(Role.ASSISTANT, text), USAGE);
    }

    public static RunEvent completed() {
        return new RunEvent.Completed(USAGE);
    }

    /** What a work says for one answer of these pieces: from the model call to {@code Completed}. */
    public static List<RunEvent> answer(String... pieces) {
        var item = ItemId.fresh();
        var events = new ArrayList<RunEvent>();
        events.add(new RunEvent.ModelCallStarted(0));
        events.add(opened(item));
        for (String piece : pieces) {
            events.add(said(item, piece));
        }
        events.add(closed(item, String.join("", pieces)));
        events.add(new RunEvent.ModelCallEnded(0, USAGE));
        events.add(completed());
        return events;
    }

    /** A model's answer that asks for these functions, output by output. */
    public static List<RunEvent> calls(int modelCall, int firstOutput, Item.FunctionCall... calls) {
        var events = new ArrayList<RunEvent>();
        events.add(new RunEvent.ModelCallStarted(modelCall));
        for (int i = 0; i < calls.length; i++) {
            var item = ItemId.fresh();
            var start = new Item.FunctionCall(calls[i].call(), calls[i].name(), "");
            events.add(new RunEvent.ItemOpened(firstOutput + i, item, modelCall, start));
            events.add(new RunEvent.ArgumentsAppended(firstOutput + i, item, calls[i].arguments()));
            events.add(new RunEvent.ItemClosed(firstOutput + i, item, ItemStatus.COMPLETED, calls[i], Usage.NONE));
        }
        events.add(new RunEvent.ModelCallEnded(modelCall, USAGE));
        return events;
    }

    /** From {@code Admitted} to a pause that waits for the outputs of these calls. */
    public static RunEvent[] paused(Instant expiresAt, Item.FunctionCall... calls) {
        var events = new ArrayList<RunEvent>(List.of(admitted(), new RunEvent.Started(expiresAt)));
        events.addAll(calls(0, 0, calls));
        events.add(new RunEvent.ActionRequired(List.of(calls)));
        return events.toArray(RunEvent[]::new);
    }

    /** A call of a function, by an id of its own. */
    public static Item.FunctionCall call(String arguments) {
        return new Item.FunctionCall(CallId.fresh(), "lookup", arguments);
    }

    /** What a work says for a model call that asks for a function, and for the pause behind it. */
    public static List<RunEvent> asks(int modelCall, int outputIndex, CallId call) {
        var item = ItemId.fresh();
        var whole = new Item.FunctionCall(call, "weather", "{}");
        return List.of(
                new RunEvent.ModelCallStarted(modelCall),
                new RunEvent.ItemOpened(outputIndex, item, modelCall, new Item.FunctionCall(call, "weather", "")),
                new RunEvent.ArgumentsAppended(outputIndex, item, "{}"),
                new RunEvent.ItemClosed(outputIndex, item, ItemStatus.COMPLETED, whole, Usage.NONE),
                new RunEvent.ModelCallEnded(modelCall, USAGE),
                new RunEvent.ActionRequired(List.of(whole)));
    }

    /** A whole life with one answer: from {@code Admitted} to {@code Completed}. */
    public static RunEvent[] life(String... pieces) {
        var events = new ArrayList<RunEvent>(List.of(admitted(), started()));
        events.addAll(answer(pieces));
        return events.toArray(RunEvent[]::new);
    }
}
