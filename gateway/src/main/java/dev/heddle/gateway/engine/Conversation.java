package dev.heddle.gateway.engine;

import dev.heddle.persistence.Items;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.lane.RunWork;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * What a run sees of its thread: everything settled before it started, then what it adopted and brought. Nobody's
 * unfinished turn is in it, so no run answers another's question. A pure function of the log.
 */
final class Conversation {
    private static final Content CUT_SHORT = new Content.Text("[This answer was cut short.]");

    private final Items items;

    Conversation(Items items) {
        this.items = items;
    }

    /** The items for the model, oldest first. */
    Mono<List<Item>> context(RunWork.StartedRun run) {
        return items.context(run.key(), run.startedSeq()).map(Conversation::legal);
    }

    /** As a strict model accepts it: no empty messages, and partial texts marked as such. */
    private static List<Item> legal(List<StoredItem> stored) {
        return stored.stream()
                .map(item -> item.status().isIncomplete() ? marked(item.item()) : item.item())
                .filter(Conversation::isSaid)
                .toList();
    }

    private static Item marked(Item item) {
        return switch (item) {
            case Item.Message message
            when isSaid(message) -> {
                var content = new ArrayList<>(message.content());
                content.add(CUT_SHORT);
                yield new Item.Message(message.role(), content);
            }
            case Item.Message message -> message;
        };
    }

    private static boolean isSaid(Item item) {
        return switch (item) {
            case Item.Message message -> !message.content().isEmpty();
        };
    }
}
