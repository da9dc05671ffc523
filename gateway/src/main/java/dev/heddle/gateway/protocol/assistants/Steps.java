package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sorts what a run has produced into steps. */
final class Steps {
    /** By model call. */
    private final Map<Integer, List<StoredItem>> calls = new LinkedHashMap<>();

    private final Map<CallId, StoredItem> outputs = new HashMap<>();

    private Steps() {}

    /**
     * The steps of a run's items, which are given by position: one for each message, one for all function calls of a
     * model call. A step stands where its first item does.
     */
    static List<Step> of(List<StoredItem> items) {
        var steps = new Steps();
        items.forEach(steps::sort);
        return steps.list(items);
    }

    private void sort(StoredItem item) {
        switch (item.item()) {
            case Item.Message _ -> {}
            case Item.FunctionCall _ ->
                calls.computeIfAbsent(modelCall(item), _ -> new ArrayList<>()).add(item);
            case Item.FunctionCallOutput output -> outputs.put(output.call(), item);
            case Item.Reasoning _, Item.Compaction _ -> {}
        }
    }

    private List<Step> list(List<StoredItem> items) {
        var steps = new ArrayList<Step>();
        for (StoredItem item : items) {
            switch (item.item()) {
                case Item.Message _ -> steps.add(new Step.Creation(item));
                case Item.FunctionCall _ -> callsBegunBy(item).ifPresent(steps::add);
                case Item.FunctionCallOutput _, Item.Reasoning _, Item.Compaction _ -> {}
            }
        }
        return steps;
    }

    private Optional<Step> callsBegunBy(StoredItem item) {
        var group = calls.getOrDefault(modelCall(item), List.of());
        return group.getFirst().id().equals(item.id())
                ? Optional.of(new Step.Calls(group.stream().map(this::call).toList()))
                : Optional.empty();
    }

    private Step.Call call(StoredItem item) {
        var call = (Item.FunctionCall) item.item();
        return new Step.Call(item, Optional.ofNullable(outputs.get(call.call())));
    }

    private static int modelCall(StoredItem item) {
        return item.output().orElseThrow().modelCall();
    }
}
