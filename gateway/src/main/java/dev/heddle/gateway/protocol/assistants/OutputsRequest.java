package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import java.util.List;
import java.util.Set;

/** The outputs of function calls, as a client brings them. */
record OutputsRequest(List<Item.FunctionCallOutput> outputs, boolean stream) {
    static OutputsRequest read(JsonFields fields) {
        var outputs = fields.only(Set.of("tool_outputs", "stream")).anyObjects("tool_outputs");
        return new OutputsRequest(
                outputs.stream().map(OutputsRequest::output).toList(),
                fields.bool("stream").orElse(false));
    }

    /** An output that is not there says nothing, which is an answer too. */
    private static Item.FunctionCallOutput output(JsonFields fields) {
        var call = new CallId(fields.only(Set.of("tool_call_id", "output")).requiredText("tool_call_id"));
        return new Item.FunctionCallOutput(call, fields.text("output").orElse(""));
    }
}
