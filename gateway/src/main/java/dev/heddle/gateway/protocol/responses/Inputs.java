package dev.heddle.gateway.protocol.responses;

import dev.heddle.persistence.Items;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.TenantId;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Looks up the items that an input only names. What is named comes in as a copy: items have one place. */
final class Inputs {
    private final Items items;

    Inputs(Items items) {
        this.items = items;
    }

    /** All of the input, as it will be stored. A name of nothing is an {@code ItemNotFound} problem. */
    Mono<List<Item>> resolve(TenantId tenant, List<InputItem> input) {
        List<ItemId> named = input.stream()
                .filter(InputItem.Reference.class::isInstance)
                .map(item -> ((InputItem.Reference) item).item())
                .toList();
        return named.isEmpty()
                ? Mono.just(resolved(input, List.of()))
                : items.findAll(tenant, named).map(found -> resolved(input, found));
    }

    private static List<Item> resolved(List<InputItem> input, List<StoredItem> found) {
        var items = new ArrayList<Item>(input.size());
        var next = found.iterator();
        for (InputItem item : input) {
            switch (item) {
                case InputItem.Given given -> items.add(given.item());
                case InputItem.Reference _ -> items.add(next.next().item());
            }
        }
        return items;
    }

    static List<NewItem> stored(List<Item> input) {
        return input.stream().map(NewItem::of).toList();
    }
}
