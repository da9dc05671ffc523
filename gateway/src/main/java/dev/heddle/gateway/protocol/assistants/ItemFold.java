package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** An item of a run as it stood behind each of its events. */
final class ItemFold {
    private ItemFold() {}

    static StoredItem opened(StoredRun run, RunEvent.ItemOpened opened, Instant at) {
        var assistant = Optional.ofNullable(run.spec().assistant());
        return new StoredItem(
                opened.item(),
                run.key().thread().id(),
                new Position(run.key().turn(), opened.outputIndex()),
                Optional.of(new StoredItem.Output(run.key().id(), assistant, opened.modelCall(), Usage.NONE)),
                ItemStatus.IN_PROGRESS,
                opened.start(),
                at,
                Optional.empty(),
                Map.of());
    }

    static StoredItem closed(StoredItem item, RunEvent.ItemClosed closed, Instant at) {
        return ended(item, closed.status(), closed.end(), closed.usage(), at);
    }

    /** The item as a run leaves it that ends without closing it. */
    static StoredItem cut(StoredItem item, RunEvent.Terminal terminal, Item end, Instant at) {
        return ended(item, ItemStatus.cutBy(terminal), end, Usage.NONE, at);
    }

    private static StoredItem ended(StoredItem item, ItemStatus status, Item end, Usage usage, Instant at) {
        var cost = item.output()
                .map(output -> new StoredItem.Output(output.run(), output.assistant(), output.modelCall(), usage));
        return new StoredItem(
                item.id(),
                item.thread(),
                item.position(),
                cost,
                status,
                end,
                item.createdAt(),
                Optional.of(at),
                item.metadata());
    }
}
