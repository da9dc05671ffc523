package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * The rows of which a page is made: those strictly between two keys of the list's own order, taken from the end that
 * {@link #direction} says, one more than the page can hold.
 */
record Window<K>(PageRequest<?> request, Optional<K> after, Optional<K> before) {
    /** Looks up the keys of the cursors; {@code keyOf} fails for a cursor that names nothing. */
    static <I, K> Mono<Window<K>> of(PageRequest<I> request, Function<I, Mono<K>> keyOf) {
        return Mono.zip(
                key(request.after(), keyOf),
                key(request.before(), keyOf),
                (after, before) -> new Window<>(request, after, before));
    }

    private static <I, K> Mono<Optional<K>> key(Optional<I> cursor, Function<I, Mono<K>> keyOf) {
        return cursor.map(id -> keyOf.apply(id).map(Optional::of)).orElseGet(() -> Mono.just(Optional.empty()));
    }

    Optional<K> low() {
        return isAscending() ? after : before;
    }

    Optional<K> high() {
        return isAscending() ? before : after;
    }

    /** How SQL is to sort: the requested order, or against it when the page ends at a cursor instead of starting at one. */
    String direction() {
        return isAscending() != endsAtCursor() ? "asc" : "desc";
    }

    int rows() {
        return request.limit() + 1;
    }

    /** The page of the rows that were found, in the requested order. */
    <T> Page<T> page(List<T> found) {
        var data = found.subList(0, Math.min(found.size(), request.limit()));
        return new Page<>(endsAtCursor() ? data.reversed() : data, found.size() > request.limit());
    }

    private boolean isAscending() {
        return request.order() == PageRequest.Order.ASCENDING;
    }

    private boolean endsAtCursor() {
        return before.isPresent() && after.isEmpty();
    }
}
