package dev.heddle.persistence;

import dev.heddle.streaming.run.Item;
import java.util.Map;

/** An item that a client brings, mostly a message. */
public record NewItem(Item item, Map<String, Object> metadata) {
    public NewItem {
        metadata = Map.copyOf(metadata);
    }

    /** Without metadata. */
    public static NewItem of(Item item) {
        return new NewItem(item, Map.of());
    }
}
