package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.Json;
import java.util.List;
import java.util.function.LongFunction;

/** The events of a response but for deltas. Each is made with its type, and given its number when it is written. */
final class EventJson {
    private EventJson() {}

    static LongFunction<byte[]> snapshot(String type, ResponseJson response) {
        return number -> Json.bytes(new Snapshot(type, number, response));
    }

    static LongFunction<byte[]> item(String type, int outputIndex, ItemJson item) {
        return number -> Json.bytes(new OfItem(type, number, outputIndex, item));
    }

    static LongFunction<byte[]> contentPart(String type, String item, int outputIndex, ItemJson.PartJson part) {
        return number -> Json.bytes(new ContentPart(type, number, item, outputIndex, 0, part));
    }

    static LongFunction<byte[]> textDone(String type, String item, int outputIndex, String text) {
        return number -> Json.bytes(new TextDone(type, number, item, outputIndex, 0, text, List.of()));
    }

    static LongFunction<byte[]> argumentsDone(String type, int outputIndex, ItemJson.Call call) {
        return number ->
                Json.bytes(new ArgumentsDone(type, number, call.id(), outputIndex, call.name(), call.arguments()));
    }

    static LongFunction<byte[]> summaryPart(String type, String item, int outputIndex, String text) {
        return number ->
                Json.bytes(new SummaryPart(type, number, item, outputIndex, 0, ItemJson.SummaryText.part(text)));
    }

    static LongFunction<byte[]> summaryDone(String type, String item, int outputIndex, String text) {
        return number -> Json.bytes(new SummaryDone(type, number, item, outputIndex, 0, text));
    }

    private record Snapshot(String type, long sequence_number, ResponseJson response) {}

    private record OfItem(String type, long sequence_number, int output_index, ItemJson item) {}

    private record ContentPart(
            String type,
            long sequence_number,
            String item_id,
            int output_index,
            int content_index,
            ItemJson.PartJson part) {}

    private record TextDone(
            String type,
            long sequence_number,
            String item_id,
            int output_index,
            int content_index,
            String text,
            List<Object> logprobs) {}

    private record ArgumentsDone(
            String type, long sequence_number, String item_id, int output_index, String name, String arguments) {}

    private record SummaryPart(
            String type,
            long sequence_number,
            String item_id,
            int output_index,
            int summary_index,
            ItemJson.SummaryText part) {}

    private record SummaryDone(
            String type, long sequence_number, String item_id, int output_index, int summary_index, String text) {}
}
