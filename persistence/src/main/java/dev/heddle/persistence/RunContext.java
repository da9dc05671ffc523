package dev.heddle.persistence;

import java.util.List;

/** What the work of a run begins with: what it is to do, and the items that it sees, by position. */
public record RunContext(RunSpec spec, List<StoredItem> items) {
    public RunContext {
        items = List.copyOf(items);
    }
}
