package dev.heddle.persistence;

/** How long a run can be found by its id alone. Its items belong to its thread in any case. */
public enum Keeping {
    /** Until it is forgotten. */
    STORED,
    /** While it is active, and ten minutes longer. */
    BRIEFLY,
    /** Never. */
    UNLISTED
}
