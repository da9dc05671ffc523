package dev.heddle.persistence.postgres;

/**
 * What a thread shows, in pieces: its own turns, and of each of its ancestors those up to where the next one went on. An
 * ancestor that was deleted since goes on being shown.
 */
final class Lineage {
    /**
     * {@code lineage}, to stand behind {@code with recursive}: the pieces of thread {@code $2} of tenant {@code $1}, none
     * when it is deleted. A piece is the turns of {@code thread_id} behind {@code above} and up to {@code upto}; what is
     * settled there had ended with event {@code seen} of that thread's log, but turns of runs from {@code whole} on, and
     * those they adopted, belong to whoever looks. To be formatted with {@code upto}, {@code seen} and {@code whole} of
     * the thread itself.
     */
    private static final String PIECES = """
            lineage (thread_id, above, upto, seen, whole, parent_thread, parent_seq) as (
                select t.id, coalesce(t.parent_turn, 0), %1$s, %2$s, %3$s, t.parent_thread, t.parent_seq
                  from threads t
                 where t.tenant_id = $1 and t.id = $2 and t.deleted_at is null
                 union all
                select p.id, coalesce(p.parent_turn, 0), least(c.above, c.upto), c.parent_seq, c.above, p.parent_thread,
                       p.parent_seq
                  from lineage c
                 cross join lateral (
                       select * from threads a where a.tenant_id = $1 and a.id = c.parent_thread limit 1) p
            )
            """;

    private static final String NO_END = "9223372036854775807";

    /** For those to whom it does not matter what was settled when. */
    static final String WHOLE = PIECES.formatted(NO_END, NO_END, NO_END);

    /** For the run of turn {@code $3}, which started with event {@code $5}. */
    static final String OF_RUN = PIECES.formatted("$3::bigint", "$5::bigint", "$3::bigint");

    /** For a run to come behind turn {@code $3}. */
    static final String OF_NEXT = PIECES.formatted("$3::bigint", NO_END, NO_END);

    /** For a run that goes on from run {@code $4} of turn {@code $3}, which has ended. */
    static final String BEHIND_RUN = PIECES.formatted("$3::bigint", """
            (select coalesce(r.started_seq, r.ended_seq) from runs r where r.tenant_id = $1 and r.id = $4)""", "$3::bigint");

    private Lineage() {}
}
