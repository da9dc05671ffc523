package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Item;
import java.util.List;

/** What a run waits for. */
record RequiredActionJson(String type, Wanted submit_tool_outputs) {
    record Wanted(List<Call> tool_calls) {}

    record Call(String id, String type, Function function) {}

    record Function(String name, String arguments) {}

    static RequiredActionJson of(StoredRun.RequiredAction action) {
        var calls = action.calls().stream().map(RequiredActionJson::call).toList();
        return new RequiredActionJson("submit_tool_outputs", new Wanted(calls));
    }

    private static Call call(Item.FunctionCall call) {
        return new Call(call.call().value(), "function", new Function(call.name(), call.arguments()));
    }
}
