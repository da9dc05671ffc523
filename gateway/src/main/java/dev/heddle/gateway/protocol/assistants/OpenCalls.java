package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The calls of one model call that a run is making, and what has come of them, folded from its events. */
final class OpenCalls {
    private final Map<ItemId, StoredItem> items = new LinkedHashMap<>();
    private final List<ItemId> calls = new ArrayList<>();
    private final CallDelta delta;

    OpenCalls(ItemId first) {
        this.delta = new CallDelta(OpenAiIds.step(first));
    }

    /** A new object: it stays as it is when more is folded. */
    Step.Calls step() {
        return (Step.Calls) Steps.of(List.copyOf(items.values())).getFirst();
    }

    /** Adds a call, and tells the frame that names it. */
    Function<String, SseFrame> begun(StoredItem item, Item.FunctionCall call) {
        items.put(item.id(), item);
        calls.add(item.id());
        int index = calls.size() - 1;
        return id -> delta.first(id, index, call);
    }

    /** The frame that adds to the arguments of a call. */
    Function<String, SseFrame> appended(RunEvent.ArgumentsAppended appended) {
        int index = calls.indexOf(appended.item());
        return id -> delta.next(id, index, appended.arguments());
    }

    /** Adds an output that is on its way. */
    void awaited(StoredItem output) {
        items.put(output.id(), output);
    }

    void closed(RunEvent.ItemClosed closed, Instant at) {
        var open = Objects.requireNonNull(items.get(closed.item()), "the item was never opened");
        items.put(closed.item(), ItemFold.closed(open, closed, at));
    }
}
