package dev.heddle.gateway.protocol.responses;

import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;

/** One item of a request's input. */
sealed interface InputItem {
    /** It is given here. */
    record Given(Item item) implements InputItem {}

    /** It stands somewhere already, and is only named; {@code param} is where the request names it. */
    record Reference(String param, ItemId item) implements InputItem {}
}
