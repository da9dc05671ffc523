package dev.heddle.persistence;

import java.util.List;

/** A piece of a list in the requested order; {@code hasMore} tells of items further on in the direction of travel. */
public record Page<T>(List<T> data, boolean hasMore) {
    public Page {
        data = List.copyOf(data);
    }
}
