package dev.heddle.gateway.engine;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An item as the context needs it: what it says, whether it is whole, and which answer of a model it belongs to. */
record TranscriptItem(Origin origin, ItemStatus status, Item item) {
    /** Where items come from that are one message to a model; {@code run} is empty for what clients brought. */
    record Origin(long turn, Optional<RunId> run, int modelCall) {}

    /** What is stored, and behind it what a client brings and nobody has stored. */
    static List<TranscriptItem> of(List<StoredItem> history, List<Item> input) {
        return Stream.concat(
                        history.stream().map(TranscriptItem::of), input.stream().map(TranscriptItem::brought))
                .toList();
    }

    private static TranscriptItem brought(Item item) {
        return new TranscriptItem(new Origin(Long.MAX_VALUE, Optional.empty(), 0), ItemStatus.COMPLETED, item);
    }

    static TranscriptItem of(StoredItem stored) {
        var run = stored.output().map(StoredItem.Output::run);
        int modelCall = stored.output().map(StoredItem.Output::modelCall).orElse(0);
        return new TranscriptItem(new Origin(stored.position().turn(), run, modelCall), stored.status(), stored.item());
    }
}
