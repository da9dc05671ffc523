package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.Json;
import dev.heddle.streaming.run.Item;
import java.io.ByteArrayOutputStream;

/** Writes {@code thread.run.step.delta} objects of one step's calls: once a fragment, hence by hand. */
final class CallDelta {
    private static final byte[] ID = Json.utf8(",\"id\":\"");
    private static final byte[] NAME = Json.utf8("\",\"type\":\"function\",\"function\":{\"name\":\"");
    private static final byte[] NAMED_ARGUMENTS = Json.utf8("\",\"arguments\":\"");
    private static final byte[] NAMED_END = Json.utf8("\",\"output\":null}}]}}}");
    private static final byte[] ARGUMENTS = Json.utf8(",\"type\":\"function\",\"function\":{\"arguments\":\"");
    private static final byte[] END = Json.utf8("\"}}]}}}");

    private final byte[] begin;

    CallDelta(String stepId) {
        this.begin = Json.utf8("{\"id\":\"" + stepId + "\",\"object\":\"thread.run.step.delta\","
                + "\"delta\":{\"step_details\":{\"type\":\"tool_calls\",\"tool_calls\":[{\"index\":");
    }

    /** The first delta of a call names it. Later ones must not: clients put the texts of all of them together. */
    byte[] first(int index, Item.FunctionCall call) {
        var out = begun(index);
        out.writeBytes(ID);
        out.writeBytes(Json.escaped(call.call().value()));
        out.writeBytes(NAME);
        out.writeBytes(Json.escaped(call.name()));
        out.writeBytes(NAMED_ARGUMENTS);
        out.writeBytes(Json.escaped(call.arguments()));
        out.writeBytes(NAMED_END);
        return out.toByteArray();
    }

    byte[] next(int index, String fragment) {
        var out = begun(index);
        out.writeBytes(ARGUMENTS);
        out.writeBytes(Json.escaped(fragment));
        out.writeBytes(END);
        return out.toByteArray();
    }

    private ByteArrayOutputStream begun(int index) {
        var out = new ByteArrayOutputStream(2 * begin.length);
        out.writeBytes(begin);
        out.writeBytes(Json.utf8(Integer.toString(index)));
        return out;
    }
}
