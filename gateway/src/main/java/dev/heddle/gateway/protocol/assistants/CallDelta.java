package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.streaming.run.Item;

/** Writes the {@code thread.run.step.delta} frames of one step's calls: once a fragment, hence by hand. */
final class CallDelta {
    private static final String EVENT = "thread.run.step.delta";

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
    SseFrame first(String id, int index, Item.FunctionCall call) {
        return SseFrame.of(
                id,
                EVENT,
                begin,
                Json.utf8(Integer.toString(index)),
                ID,
                Json.escaped(call.call().value()),
                NAME,
                Json.escaped(call.name()),
                NAMED_ARGUMENTS,
                Json.escaped(call.arguments()),
                NAMED_END);
    }

    SseFrame next(String id, int index, String fragment) {
        return SseFrame.of(
                id, EVENT, begin, Json.utf8(Integer.toString(index)), ARGUMENTS, Json.escaped(fragment), END);
    }
}
