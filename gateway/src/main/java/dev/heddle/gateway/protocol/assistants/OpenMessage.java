package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import java.time.Instant;
import java.util.function.Function;

/** The message a run is saying, folded from its events. */
final class OpenMessage {
    private final StoredItem item;
    private final MessageDelta delta;
    private boolean hasText;

    private OpenMessage(StoredItem item, MessageDelta delta) {
        this.item = item;
        this.delta = delta;
    }

    static OpenMessage of(StoredItem item) {
        return new OpenMessage(item, new MessageDelta(OpenAiIds.message(item.id())));
    }

    StoredItem item() {
        return item;
    }

    Step step() {
        return new Step.Creation(item);
    }

    /** The frame that adds this text; counts as said, also when it is never written. */
    Function<String, SseFrame> delta(String text) {
        boolean first = !hasText;
        hasText = true;
        return id -> first ? delta.first(id, text) : delta.next(id, text);
    }

    boolean isOpen() {
        return item.status() == ItemStatus.IN_PROGRESS;
    }

    /** Ended by a run that ends without closing it, as one does whose text could not be stored: so without text. */
    OpenMessage cutBy(RunEvent.Terminal terminal, Instant at) {
        // Clients that have seen text look for it in its place.
        Item end = hasText ? Item.Message.of(Role.ASSISTANT, "") : item.item();
        return new OpenMessage(ItemFold.cut(item, terminal, end, at), delta);
    }

    OpenMessage closed(RunEvent.ItemClosed closed, Instant at) {
        return new OpenMessage(ItemFold.closed(item, closed, at), delta);
    }
}
