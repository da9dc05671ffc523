package dev.heddle.persistence.postgres;

import dev.heddle.persistence.FirstRun;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.streaming.lane.Handover;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.OwnedThread;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import reactor.core.publisher.Mono;

/**
 * A thread with what it begins with, and a run that adopts it, in one statement. The node owns the thread from its first
 * moment: nobody else can have anything of it on the way.
 */
record FirstRunInsert(ThreadKey key, NewThread thread, NewRun run, NodeId node) {
    // Of the same insert whose outcome is unknown, the first part awaits the end; without it there is none of the
    // others.
    private static final String INSERT = """
            with created as (
                insert into threads (id, tenant_id, metadata, strategy, next_turn, short_lived, owner_node, owner_epoch)
                values ($2, $1, $3::jsonb, $4, $7 + 1, $5, $6, 1)
                on conflict do nothing
                returning id
            ), given as (
                select c.id as thread_id, g.*
                  from created c
                 cross join unnest($15::bigint[], $16::int[], $17::uuid[], $18::text[], $19::text[])
                       as g(turn, item_index, id, item, metadata)
            ), turn as (
                insert into turns (thread_id, number, tenant_id, run_id, adopted_by)
                select g.thread_id, g.turn, $1, null, $8::uuid from given g where g.turn < $7
                 union all
                select c.id, $7, $1, $8, null from created c
            ), item as (
                insert into items (thread_id, turn, item_index, id, tenant_id, kind, status, item, metadata, created_at,
                                   ended_at)
                select g.thread_id, g.turn, g.item_index, g.id, $1, g.item::jsonb ->> 'type', 'completed', g.item::jsonb,
                       g.metadata::jsonb, now(), now()
                  from given g
            ), asked as (
                insert into thread_inbox (tenant_id, thread_id, kind, turn, item_id, run_id, strategy)
                select $1, g.thread_id, 'message', g.turn, g.id, null::uuid, null from given g where g.turn < $7
                 union all
                select $1, c.id, 'run', $7, null, $8, $9 from created c
                 order by 4
                returning id
            )
            insert into runs as r (id, tenant_id, thread_id, turn, inputs, strategy, spec, metadata, expires_at, status,
                                   keeping)
            select $8, $1, c.id, $7, $14, $9, $10::jsonb, $11::jsonb, now() + $12 * interval '1 millisecond', 'queued', $13
              from created c
            returning %s, (select array_agg(a.id order by a.id) from asked a) as asked
            """.formatted(RunRows.COLUMNS);

    /** Empty when the thread is there already. */
    Mono<FirstRun> execute(Session session, Duration expiry) {
        return Mono.defer(() -> execute(session, expiry, given()));
    }

    private Mono<FirstRun> execute(Session session, Duration expiry, List<Given> given) {
        return session.one(
                INSERT,
                row -> created(row, given),
                key.tenant().value(),
                key.id().value(),
                JsonText.of(thread.metadata()),
                Session.Null.or(
                        String.class, thread.strategy().map(Spelling::of).orElse(null)),
                thread.shortLived(),
                node.value(),
                turn(),
                run.id().value(),
                Spelling.of(strategy()),
                JsonText.of(run.spec()),
                JsonText.of(run.metadata()),
                expiry.toMillis(),
                Spelling.of(run.keeping()),
                run.inputs().size(),
                column(given, item -> item.place().turn(), Long[]::new),
                column(given, item -> item.place().index(), Integer[]::new),
                column(given, item -> item.id().value(), UUID[]::new),
                column(given, item -> JsonText.of(item.item().item()), String[]::new),
                column(given, item -> JsonText.of(item.item().metadata()), String[]::new));
    }

    /** An item that the thread begins with, or that comes with the run. */
    private record Given(Position place, ItemId id, NewItem item) {}

    private List<Given> given() {
        var given = new ArrayList<Given>();
        for (NewItem item : thread.items()) {
            given.add(new Given(new Position(given.size() + 1L, 0), ItemId.fresh(), item));
        }
        for (int i = 0; i < run.inputs().size(); i++) {
            given.add(new Given(
                    new Position(turn(), i), ItemId.fresh(), run.inputs().get(i)));
        }
        return given;
    }

    private long turn() {
        return thread.items().size() + 1L;
    }

    private Strategy strategy() {
        return run.strategy().with(thread.strategy());
    }

    private static <T> T[] column(List<Given> given, Function<Given, T> value, IntFunction<T[]> array) {
        return given.stream().map(value).toArray(array);
    }

    private FirstRun created(Readable row, List<Given> given) {
        List<Long> ids = List.of(Column.of(row, "asked", Long[].class));
        var asked = new ArrayList<InboxEntry>();
        for (Given item : given.subList(0, thread.items().size())) {
            asked.add(new InboxEntry.ItemAdded(
                    ids.get(asked.size()),
                    item.place().turn(),
                    item.id(),
                    item.item().item()));
        }
        asked.add(new InboxEntry.RunAdmitted(ids.getLast(), run.id(), turn(), strategy()));
        return new FirstRun(RunRows.run(row), Optional.of(new Handover(key, OwnedThread.created(node), asked)));
    }
}
