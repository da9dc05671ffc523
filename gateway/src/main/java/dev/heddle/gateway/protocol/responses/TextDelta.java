package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import java.util.function.LongFunction;

/** Writes the delta frames of one item: once a token, hence by hand. */
final class TextDelta {
    private static final byte[] END = Json.utf8("\"}");
    private static final byte[] END_WITH_LOGPROBS = Json.utf8("\",\"logprobs\":[]}");

    private final String type;
    private final byte[] begin;
    private final byte[] middle;
    private final byte[] end;

    private TextDelta(String type, String place, byte[] end) {
        this.type = type;
        this.begin = Json.utf8("{\"type\":\"" + type + "\",\"sequence_number\":");
        this.middle = Json.utf8("," + place + ",\"delta\":\"");
        this.end = end;
    }

    static TextDelta ofText(String item, int outputIndex) {
        return new TextDelta(
                "response.output_text.delta", place(item, outputIndex) + ",\"content_index\":0", END_WITH_LOGPROBS);
    }

    static TextDelta ofSummary(String item, int outputIndex) {
        return new TextDelta(
                "response.reasoning_summary_text.delta", place(item, outputIndex) + ",\"summary_index\":0", END);
    }

    static TextDelta ofArguments(String item, int outputIndex) {
        return new TextDelta("response.function_call_arguments.delta", place(item, outputIndex), END);
    }

    /** The frame that adds this piece; it is given its number. */
    LongFunction<SseFrame> of(String piece) {
        return number -> SseFrame.of(type, begin, Json.utf8(Long.toString(number)), middle, Json.escaped(piece), end);
    }

    private static String place(String item, int outputIndex) {
        return "\"item_id\":\"" + item + "\",\"output_index\":" + outputIndex;
    }
}
