package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** An output item on its way, and the frames that tell of it. Deltas only come for what is open. */
final class OpenItem {
    private final ResponseFrames frames;
    private final RunEvent.ItemOpened opened;
    private final int outputIndex;
    private final String id;
    private final TextDelta delta;
    private boolean hasDelta;

    private OpenItem(ResponseFrames frames, RunEvent.ItemOpened opened, String id) {
        this.frames = frames;
        this.opened = opened;
        this.outputIndex = opened.outputIndex();
        this.id = id;
        this.delta = delta(id, opened);
    }

    static OpenItem of(RunEvent.ItemOpened opened, ResponseFrames frames) {
        String id = OpenAiIds.item(opened.item(), opened.start().kind());
        var item = new OpenItem(frames, opened, id);
        item.open();
        return item;
    }

    private static TextDelta delta(String id, RunEvent.ItemOpened opened) {
        return switch (opened.start()) {
            case Item.FunctionCall _ -> TextDelta.ofArguments(id, opened.outputIndex());
            case Item.Reasoning _ -> TextDelta.ofSummary(id, opened.outputIndex());
            case Item.Message _, Item.FunctionCallOutput _, Item.Compaction _ ->
                TextDelta.ofText(id, opened.outputIndex());
        };
    }

    private void open() {
        var item = ItemJson.of(opened.item(), ItemStatus.IN_PROGRESS, opened.start());
        add("response.output_item.added", EventJson.item("response.output_item.added", outputIndex, item));
        switch (opened.start()) {
            case Item.Message _ -> contentPart("response.content_part.added", "");
            case Item.Reasoning _ -> summaryPart("response.reasoning_summary_part.added", "");
            case Item.FunctionCall _, Item.FunctionCallOutput _, Item.Compaction _ -> {}
        }
    }

    /** One more piece of its text, its summary or its arguments: an item has one of them. */
    void append(String piece) {
        hasDelta = true;
        frames.add(delta.of(piece));
    }

    /** Ended by a response that ends without closing it, as one does whose text could not be stored. */
    ItemJson cutBy(RunEvent.Terminal terminal) {
        return ItemJson.of(opened.item(), ItemStatus.cutBy(terminal), opened.start());
    }

    void close(RunEvent.ItemClosed closed, ItemJson item) {
        switch (closed.end()) {
            case Item.Message message -> closeMessage(textOf(message));
            case Item.Reasoning reasoning -> closeReasoning(reasoning.summary());
            case Item.FunctionCall _ -> closeCall((ItemJson.Call) item);
            case Item.FunctionCallOutput _, Item.Compaction _ -> {}
        }
        add("response.output_item.done", EventJson.item("response.output_item.done", outputIndex, item));
    }

    private void closeMessage(String text) {
        String done = "response.output_text.done";
        add(done, EventJson.textDone(done, id, outputIndex, text));
        contentPart("response.content_part.done", text);
    }

    private void closeReasoning(String summary) {
        String done = "response.reasoning_summary_text.done";
        add(done, EventJson.summaryDone(done, id, outputIndex, summary));
        summaryPart("response.reasoning_summary_part.done", summary);
    }

    /** The grammar wants a delta in front of the end, also of a call without arguments. */
    private void closeCall(ItemJson.Call call) {
        if (!hasDelta) {
            append("");
        }
        String done = "response.function_call_arguments.done";
        add(done, EventJson.argumentsDone(done, outputIndex, call));
    }

    private void contentPart(String type, String text) {
        add(type, EventJson.contentPart(type, id, outputIndex, ItemJson.OutputText.of(text)));
    }

    private void summaryPart(String type, String text) {
        add(type, EventJson.summaryPart(type, id, outputIndex, text));
    }

    private void add(String type, LongFunction<byte[]> json) {
        frames.add(type, json);
    }

    private static String textOf(Item.Message message) {
        return message.content().stream()
                .map(part -> ((Content.Text) part).text())
                .collect(Collectors.joining());
    }
}
