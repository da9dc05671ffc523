package dev.heddle.persistence.postgres;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A list of items of one thread, by position: its messages, or those that a run produced. */
record MessageList(ThreadKey thread, Optional<RunId> producedBy) {
    private static final Position LOWEST = new Position(0, 0);
    private static final Position HIGHEST = new Position(Long.MAX_VALUE, 0);

    boolean contains(StoredItem item) {
        return item.item() instanceof Item.Message
                && (producedBy.isEmpty() || producedBy.equals(item.output().map(StoredItem.Output::run)));
    }

    private static final String PAGE = ItemRows.SELECT + """
             where i.tenant_id = $1 and i.thread_id = $2
               and (i.turn, i.item_index) > ($3, $4) and (i.turn, i.item_index) < ($5, $6)
               and i.kind = 'message' %1$s
             order by i.turn %2$s, i.item_index %2$s
             limit $7
            """;

    Mono<List<StoredItem>> rows(Database database, Window<Position> window) {
        return database.list(PAGE.formatted(condition(), window.direction()), ItemRows::item, parameters(window));
    }

    private String condition() {
        return producedBy.isEmpty() ? "" : "and i.output_of = $8";
    }

    private Object[] parameters(Window<Position> window) {
        var low = window.low().orElse(LOWEST);
        var high = window.high().orElse(HIGHEST);
        var parameters = new ArrayList<Object>(List.of(
                thread.tenant().value(),
                thread.id().value(),
                low.turn(),
                low.index(),
                high.turn(),
                high.index(),
                window.rows()));
        producedBy.ifPresent(run -> parameters.add(run.value()));
        return parameters.toArray();
    }
}
