package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.Usage;
import org.jspecify.annotations.Nullable;

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

    /** For {@code unnest}, in the order of the statement's columns. */
    @Nullable
    Object[] columns() {
        return new @Nullable Object[] {
            run.value(),
            id.value(),
            outputIndex,
            modelCall,
            Spelling.of(status),
            JsonText.of(item),
            usage.promptTokens(),
            usage.completionTokens(),
            usage.cachedTokens(),
            usage.reasoningTokens(),
            createdAt,
            endedAt
        };
    }
}
