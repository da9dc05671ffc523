package dev.heddle.persistence.postgres;

import dev.heddle.persistence.CallPairs;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.spi.Readable;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** What runs see of a thread: ordering.md §3. */
final class Transcript {
    private Transcript() {}

    // Piece by piece, in the order of an index: a join might read more than the pieces.
    private static final String ITEMS_OF_PIECES = """
              from lineage l
             cross join lateral (
                   select i.*
                     from items i
                    where i.tenant_id = $1 and i.thread_id = l.thread_id and i.turn > l.above and i.turn <= l.upto
                      and i.deleted_at is null %s
                    order by i.turn, i.item_index) i
            """;

    // What stands of one turn after the other is looked up, newest first, until enough of them are found in which
    // something was said. Each is a message to a model, or several. Without a limit it is not asked for.
    private static final String OLDEST_SHOWN = """
            , shown as (
                select s.number
                  from lineage l
                 cross join this
                 cross join lateral (
                       select t.number
                         from turns t
                         left join lateral (
                              select u.turn, u.ended_seq
                                from runs u
                               where u.tenant_id = $1
                                 and u.id = coalesce(
                                         t.run_id,
                                         case when this.has_messages or l.whole <> $3 then t.adopted_by end)
                               limit 1) u on true
                        cross join lateral (
                              select i.turn
                                from items i
                               where i.tenant_id = $1 and i.thread_id = t.thread_id and i.turn = t.number
                                 and i.deleted_at is null and i.output_of is distinct from $4
                                 and (i.kind = 'message' and i.item -> 'content' <> '[]' or i.kind = 'compaction'
                                      or i.kind = 'function_call' and i.status = 'completed')
                               limit 1) i
                        where t.tenant_id = $1 and t.thread_id = l.thread_id
                          and t.number > l.above and t.number <= l.upto
                          and (not t.withdrawn or t.run_id = $4 or t.adopted_by = $4)
                          and (u.turn is null or u.turn > l.upto or u.turn >= l.whole or u.ended_seq <= l.seen)
                        order by t.number desc
                        limit (select last_messages from this)) s
                 order by s.number desc
                 limit (select last_messages from this)
            ), oldest as materialized (
                select case when this.last_messages is null then 0
                            else coalesce((select min(s.number) from shown s), 0) end as turn
                  from this
            )
            """;

    // Settled turns are many, the others few: so what is hidden is looked up, and the rest is read by position. Of an
    // ancestor, the run that was gone on from is shown with what it adopted. A run that was withdrawn and has not
    // heard of it yet goes on seeing its own turns.
    private static final String SEEN_BY_RUN = "with recursive " + Lineage.OF_RUN + """
            , this as materialized (
                select r.spec,
                       (r.spec -> 'limits' ->> 'last_messages')::bigint as last_messages,
                       r.inputs > 0 or exists (select from turns a
                                                where a.tenant_id = $1 and a.adopted_by = r.id) as has_messages
                  from runs r
                  join threads t on t.tenant_id = r.tenant_id and t.id = r.thread_id and t.deleted_at is null
                 where r.tenant_id = $1 and r.thread_id = $2 and r.turn = $3 and r.id = $4
            )
            """ + OLDEST_SHOWN + """
            , unsettled as (
                select u.id, u.thread_id, u.turn, l.whole = $3 as own
                  from lineage l
                 cross join lateral (
                       select u.id, u.thread_id, u.turn
                         from runs u
                        where u.tenant_id = $1 and u.thread_id = l.thread_id
                          and u.turn > l.above and u.turn <= l.upto and u.turn < l.whole
                          and u.turn >= (select turn from oldest)
                          and (u.ended_seq is null or u.ended_seq > l.seen)
                        order by u.turn) u
            ), hidden as (
                select u.thread_id, u.turn
                  from unsettled u
                 union all
                select a.thread_id, a.number
                  from unsettled u
                  join turns a on a.tenant_id = $1 and a.adopted_by = u.id
                  join this on this.has_messages or not u.own
                 union all
                select w.thread_id, w.number
                  from lineage l
                  join turns w on w.tenant_id = $1 and w.thread_id = l.thread_id and w.withdrawn
                   and w.number >= (select turn from oldest)
                   and w.run_id is distinct from $4 and w.adopted_by is distinct from $4
            )
            , seen as (
                select i.*
            """
            + ITEMS_OF_PIECES.formatted("and i.turn >= (select turn from oldest)") + """
                 where not exists (select from hidden h where h.thread_id = i.thread_id and h.turn = i.turn)
            )
            select case when row_number() over (order by i.turn, i.item_index) = 1 then this.spec end as spec,
            """ + ItemRows.COLUMNS + """
              from this
              left join seen i on true
             order by i.turn, i.item_index
            """;

    /** What a run is to do and sees that was started with that event; empty when there is no such run. */
    static Mono<RunContext> seenBy(Database database, RunKey run, long startedSeq) {
        return database.list(
                        SEEN_BY_RUN,
                        Seen::of,
                        run.thread().tenant().value(),
                        run.thread().id().value(),
                        run.turn(),
                        run.id().value(),
                        startedSeq)
                .filter(rows -> !rows.isEmpty())
                .map(Seen::context);
    }

    /** The run's spec, which the first row has, and an item, which all rows have unless the run sees nothing. */
    private record Seen(Optional<RunSpec> spec, Optional<StoredItem> item) {
        private static Seen of(Readable row) {
            return new Seen(
                    Column.find(row, "spec", String.class).map(JsonText::runSpec),
                    Column.find(row, "id", UUID.class).map(_ -> ItemRows.item(row)));
        }

        private static RunContext context(List<Seen> rows) {
            return new RunContext(
                    rows.getFirst().spec().orElseThrow(),
                    rows.stream().flatMap(row -> row.item().stream()).toList());
        }
    }

    /** Items {@code i} of settled turns, by what stands of their turn: for few items, or for all. */
    private static final String SETTLED = ITEMS_OF_PIECES + """
             cross join lateral (
                   select t.withdrawn, coalesce(t.run_id, t.adopted_by) as run_id
                     from turns t
                    where t.tenant_id = $1 and t.thread_id = i.thread_id and t.number = i.turn
                    limit 1) t
              left join lateral (
                   select r.turn, r.ended_seq
                     from runs r
                    where r.tenant_id = $1 and r.id = t.run_id
                    limit 1) r on true
             where not t.withdrawn and (t.run_id is null or r.ended_seq <= l.seen or r.turn >= l.whole)
             order by i.turn, i.item_index
            """;

    private static final String UP_TO =
            "with recursive " + Lineage.OF_NEXT + "select" + ItemRows.COLUMNS + SETTLED.formatted("");

    /** What a run would see that is admitted behind the turn and started now, but for its own. */
    static Mono<List<StoredItem>> upTo(Database database, ThreadKey thread, long turn) {
        return database.list(
                UP_TO, ItemRows::item, thread.tenant().value(), thread.id().value(), turn);
    }

    private static final String BEHIND =
            "with recursive " + Lineage.BEHIND_RUN + "select" + ItemRows.COLUMNS + SETTLED.formatted("");

    /** What a run would see that goes on from this one. */
    static Mono<List<StoredItem>> behind(Database database, RunKey parent) {
        return database.list(BEHIND, ItemRows::item, parameters(parent));
    }

    private static Object[] parameters(RunKey run) {
        return new Object[] {
            run.thread().tenant().value(),
            run.thread().id().value(),
            run.turn(),
            run.id().value()
        };
    }

    private static final String CALLS = """
            select i.kind, i.item ->> 'call' as call
            """ + SETTLED.formatted("""
and i.kind in ('function_call', 'function_call_output')
                      and (i.kind = 'function_call_output' or i.status = 'completed')""");

    private static final String CALLS_UP_TO = "with recursive " + Lineage.OF_NEXT + CALLS;

    private static final String CALLS_BEHIND = "with recursive " + Lineage.BEHIND_RUN + CALLS;

    /** The calls in that, and the outputs, by position. */
    static Mono<List<Call>> callsBehind(Database database, RunKey parent) {
        return database.list(CALLS_BEHIND, Call::of, parameters(parent));
    }

    /** The calls up to the turn, and the outputs, by position. */
    static Mono<List<Call>> callsUpTo(Database database, ThreadKey thread, long turn) {
        return database.list(
                CALLS_UP_TO, Call::of, thread.tenant().value(), thread.id().value(), turn);
    }

    /** A function call, or the output of one. */
    record Call(CallId id, boolean isOutput) {
        private static Call of(Readable row) {
            return new Call(
                    new CallId(Column.of(row, "call", String.class)),
                    Column.of(row, "kind", String.class).equals("function_call_output"));
        }

        /** An output answers the call before it: models may count their calls anew in each answer. */
        static CallPairs pairs(List<Call> calls) {
            var made = new HashSet<CallId>();
            var unanswered = new LinkedHashSet<CallId>();
            for (Call call : calls) {
                if (call.isOutput()) {
                    unanswered.remove(call.id());
                } else {
                    made.add(call.id());
                    unanswered.add(call.id());
                }
            }
            return new CallPairs(made, List.copyOf(unanswered));
        }
    }
}
