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

/** A list of items that one thread shows, by position. */
record ItemList(ThreadKey thread, Selection selection) {
    private static final Position LOWEST = new Position(0, 0);
    private static final Position HIGHEST = new Position(Long.MAX_VALUE, 0);

    /** Which of its items. */
    sealed interface Selection {
        record Everything() implements Selection {}

        record Messages() implements Selection {}

        /** The messages that a run produced. */
        record MessagesOf(RunId run) implements Selection {}

        /** What the run of a turn was given. */
        record InputsOf(long turn) implements Selection {}
    }

    boolean contains(StoredItem item) {
        return switch (selection) {
            case Selection.Everything _ -> true;
            case Selection.Messages _ -> item.item() instanceof Item.Message;
            case Selection.MessagesOf(RunId run) -> item.item() instanceof Item.Message && item.isOutputOf(run);
            case Selection.InputsOf(long turn) ->
                item.position().turn() == turn && item.output().isEmpty();
        };
    }

    // Of each piece one page at most is read, by position: a join would read them whole, and sort.
    private static final String PAGE = "with recursive " + Lineage.WHOLE + "select" + ItemRows.COLUMNS + """
              from lineage l
             cross join lateral (
                   select i.*
                     from items i
                    where i.tenant_id = $1 and i.thread_id = l.thread_id
                      and (i.turn, i.item_index)
                          > (greatest(l.above, $3), case when l.above >= $3 then 2147483647 else $4 end)
                      and (i.turn, i.item_index)
                          < (least(l.upto, $5), case when l.upto < $5 then 2147483647 else $6 end)
                      and%3$s
                      %1$s
                    order by i.turn %2$s, i.item_index %2$s
                    limit $7) i
             order by i.turn %2$s, i.item_index %2$s
             limit $7
            """;

    Mono<List<StoredItem>> rows(Database database, Window<Position> window) {
        String sql = PAGE.formatted(condition(), window.direction(), ItemRows.VISIBLE);
        return database.list(sql, ItemRows::item, parameters(window));
    }

    private String condition() {
        return switch (selection) {
            case Selection.Everything _ -> "";
            case Selection.Messages _ -> "and i.kind = 'message'";
            case Selection.MessagesOf _ -> "and i.kind = 'message' and i.output_of = $8";
            case Selection.InputsOf _ -> "and i.turn = $8 and i.output_of is null";
        };
    }

    private Optional<Object> conditionParameter() {
        return switch (selection) {
            case Selection.Everything _, Selection.Messages _ -> Optional.empty();
            case Selection.MessagesOf(RunId run) -> Optional.of(run.value());
            case Selection.InputsOf(long turn) -> Optional.of(turn);
        };
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
        conditionParameter().ifPresent(parameters::add);
        return parameters.toArray();
    }
}
