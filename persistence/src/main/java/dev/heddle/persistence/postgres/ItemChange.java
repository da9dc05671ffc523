package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the events of one append change in the row of one output item. Times are Unix milliseconds. */
final class ItemChange {
    private final RunId run;
    private final ItemId id;
    private final int outputIndex;
    private final long createdAt;
    private int modelCall;
    private ItemStatus status = ItemStatus.IN_PROGRESS;
    private Item item;
    private Usage usage = Usage.NONE;
    private @Nullable Long endedAt;

    /** The item's first event in this append: it opens or closes the item. */
    ItemChange(RunId run, LoggedEvent logged, RunEvent.Output first, Item item) {
        this.run = run;
        this.id = first.item();
        this.outputIndex = first.outputIndex();
        this.createdAt = logged.at().toEpochMilli();
        this.item = item;
    }

    void open(RunEvent.ItemOpened opened) {
        modelCall = opened.modelCall();
    }

    void close(LoggedEvent logged, RunEvent.ItemClosed closed) {
        status = closed.status();
        item = closed.end();
        usage = closed.usage();
        endedAt = logged.at().toEpochMilli();
    }

    /** Ends the item together with its run, unless it has ended before. */
    void cut(LoggedEvent logged, RunId ended, ItemStatus cut) {
        if (run.equals(ended) && endedAt == null) {
            status = cut;
            endedAt = logged.at().toEpochMilli();
        }
    }

    /** As {@code change_rows} takes it. */
    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("run_id", run.value().toString())
                .put("item_id", id.value().toString())
                .put("output_index", outputIndex)
                .put("model_call", modelCall)
                .put("status", Spelling.of(status))
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("cached_tokens", usage.cachedTokens())
                .put("reasoning_tokens", usage.reasoningTokens())
                .put("created_at", createdAt)
                .put("ended_at", endedAt)
                .set("item", ItemJson.of(item));
    }
}
