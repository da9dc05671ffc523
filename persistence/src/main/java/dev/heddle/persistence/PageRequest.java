package dev.heddle.persistence;

import java.util.Optional;

/**
 * Which piece of a list is wanted. Keyset paging: what is added meanwhile neither shifts nor repeats anything.
 *
 * @param limit how many at most, 1 … 100
 * @param after start behind this one, in the requested order
 * @param before end in front of this one, in the requested order; alone, the piece directly in front of it
 */
public record PageRequest<I>(int limit, Order order, Optional<I> after, Optional<I> before) {
    /** The list's own order, or its exact reverse. */
    public enum Order {
        ASCENDING,
        DESCENDING
    }
}
