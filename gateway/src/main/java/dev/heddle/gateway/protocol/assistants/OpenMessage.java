package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The message a run is saying, folded from its events. */
final class OpenMessage {
    private final StoredItem item;
    private final MessageDelta delta;
    private boolean hasText;

    private OpenMessage(StoredItem item, MessageDelta delta) {
        this.item = item;
        this.delta = delta;
    }

    static OpenMessage of(StoredRun run, RunEvent.ItemOpened opened, Instant at) {
        var assistant = Optional.ofNullable(run.spec().assistant());
        var item = new StoredItem(
                opened.item(),
                run.key().thread().id(),
                new Position(run.key().turn(), opened.outputIndex()),
                Optional.of(new StoredItem.Output(run.key().id(), assistant, opened.modelCall(), Usage.NONE)),
                ItemStatus.IN_PROGRESS,
                opened.start(),
                at,
                Optional.empty(),
                Map.of());
        return new OpenMessage(item, new MessageDelta(OpenAiIds.message(opened.item())));
    }

    StoredItem item() {
        return item;
    }

    /** The object that adds this text; counts as said, also when it is never written. */
    Supplier<byte[]> delta(String text) {
        boolean first = !hasText;
        hasText = true;
        return () -> first ? delta.first(text) : delta.next(text);
    }

    boolean isOpen() {
        return item.status() == ItemStatus.IN_PROGRESS;
    }

    /** Ended by a run that ends without closing it, as one does whose text could not be stored: so without text. */
    OpenMessage cutBy(RunEvent.Terminal terminal, Instant at) {
        // Clients that have seen text look for it in its place.
        Item end = hasText ? Item.Message.of(Role.ASSISTANT, "") : item.item();
        return closed(ItemStatus.cutBy(terminal), end, Usage.NONE, at);
    }

    OpenMessage closed(ItemStatus status, Item end, Usage usage, Instant at) {
        var cost = item.output()
                .map(output -> new StoredItem.Output(output.run(), output.assistant(), output.modelCall(), usage));
        var closed = new StoredItem(
                item.id(),
                item.thread(),
                item.position(),
                cost,
                status,
                end,
                item.createdAt(),
                Optional.of(at),
                item.metadata());
        return new OpenMessage(closed, delta);
    }
}
