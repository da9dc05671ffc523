package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.Json;
import java.nio.ByteBuffer;
import java.util.function.LongFunction;

/** Writes the delta events of one item: once a token, hence by hand. */
final class TextDelta {
    private static final byte[] END = Json.utf8("\"}");
    private static final byte[] END_WITH_LOGPROBS = Json.utf8("\",\"logprobs\":[]}");

    private final byte[] begin;
    private final byte[] middle;
    private final byte[] end;

    private TextDelta(String type, String place, byte[] end) {
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

    LongFunction<byte[]> of(String piece) {
        return number -> bytes(number, piece);
    }

    private static String place(String item, int outputIndex) {
        return "\"item_id\":\"" + item + "\",\"output_index\":" + outputIndex;
    }

    private byte[] bytes(long number, String piece) {
        byte[] escaped = Json.escaped(piece);
        byte[] digits = Json.utf8(Long.toString(number));
        int length = begin.length + digits.length + middle.length + escaped.length + end.length;
        return ByteBuffer.allocate(length)
                .put(begin)
                .put(digits)
                .put(middle)
                .put(escaped)
                .put(end)
                .array();
    }
}
