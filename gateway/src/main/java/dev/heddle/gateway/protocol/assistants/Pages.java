package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import java.util.List;
import java.util.function.Function;

/** Takes pages of short lists that are at hand as a whole, by the rules of every list. */
final class Pages {
    private Pages() {}

    /** A piece of a list in ascending order; a cursor that names nothing in it throws what {@code unknown} makes. */
    static <T, I> Page<T> of(
            List<T> ascending, PageRequest<I> request, Function<T, I> id, Function<I, RuntimeException> unknown) {
        var all = request.order() == PageRequest.Order.DESCENDING ? ascending.reversed() : ascending;
        var ids = all.stream().map(id).toList();
        int from =
                request.after().map(cursor -> 1 + place(ids, cursor, unknown)).orElse(0);
        int to = request.before().map(cursor -> place(ids, cursor, unknown)).orElse(all.size());
        var wanted = all.subList(Math.min(from, to), to);
        boolean backwards = request.before().isPresent() && request.after().isEmpty();
        int skipped = backwards ? Math.max(0, wanted.size() - request.limit()) : 0;
        var data = wanted.stream().skip(skipped).limit(request.limit()).toList();
        return new Page<>(data, data.size() < wanted.size());
    }

    private static <I> int place(List<I> ids, I cursor, Function<I, RuntimeException> unknown) {
        int place = ids.indexOf(cursor);
        if (place < 0) {
            throw unknown.apply(cursor);
        }
        return place;
    }
}
