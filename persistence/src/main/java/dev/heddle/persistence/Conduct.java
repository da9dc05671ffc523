package dev.heddle.persistence;

/**
 * How a run behaves, as its protocol wants it.
 *
 * @param endsAtCalls whether it ends, completed, when its model asks for functions that its client is to call; it pauses
 *     otherwise
 * @param tellsReasoning whether what its model says of its reasoning becomes an item
 * @param onlyPrepares whether it only takes its turn, and ends without asking its model
 */
public record Conduct(boolean endsAtCalls, boolean tellsReasoning, boolean onlyPrepares) {
    /** Pauses for its client, and keeps its reasoning to itself. */
    public static final Conduct PAUSING = new Conduct(false, false, false);

    /** Leaves the calls of its client to the next run. */
    public static final Conduct ENDING = new Conduct(true, true, false);

    /** Only takes its turn. */
    public static final Conduct PREPARING = new Conduct(true, true, true);
}
