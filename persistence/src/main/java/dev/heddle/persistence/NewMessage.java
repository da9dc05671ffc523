package dev.heddle.persistence;

import dev.heddle.streaming.run.Item;
import java.util.Map;

/** A message that a client brings. */
public record NewMessage(Item.Message message, Map<String, Object> metadata) {
    public NewMessage {
        metadata = Map.copyOf(metadata);
    }
}
