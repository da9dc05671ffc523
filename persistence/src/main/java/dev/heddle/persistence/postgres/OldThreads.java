package dev.heddle.persistence.postgres;

import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Discards short-lived threads, with everything that they contain, when their time is over. */
final class OldThreads extends Tidying {
    static final int BITE = 100;

    private final Database database;

    OldThreads(Database database, Scheduler scheduler) {
        super("Short-lived threads", BITE, scheduler);
        this.database = database;
    }

    /** Of {@code threads t}: nothing happens on it, nobody holds it, and no branch goes on from it. */
    private static final String OVER = """
             t.short_lived and t.created_at < now() - interval '10 minutes'
               and (t.held_until is null or t.held_until <= now())
               and not exists (select from runs r
                                where r.tenant_id = t.tenant_id and r.thread_id = t.id
                                  and (r.ended_seq is null or r.ended_at > now() - interval '10 minutes'))
               and not exists (select from threads b where b.parent_thread = t.id)
               and not exists (select from thread_inbox b where b.tenant_id = t.tenant_id and b.thread_id = t.id)
            """;

    // A thread that somebody is just admitted to is left to the next minute.
    private static final String LOCK = "select t.id from threads t where" + OVER + """
             order by t.created_at
             limit $1
               for update skip locked
            """;

    // Before the lock somebody may have been admitted whom the look at it did not see: only what is so now counts.
    // Turns
    // and runs, and the ledger of these, go with their thread.
    private static final String DISCARD = """
            with discarded as (
                delete from threads t
                 where t.id = any ($1::uuid[]) and""" + OVER + """
                returning t.tenant_id, t.id
            ), discarded_items as (
                delete from items i
                 using discarded d
                 where i.tenant_id = d.tenant_id and i.thread_id = d.id
            ), discarded_events as (
                delete from event_log l
                 using discarded d
                 where l.tenant_id = d.tenant_id and l.thread_id = d.id
            ), discarded_tickets as (
                delete from stream_tickets s
                 using discarded d
                 where s.tenant_id = d.tenant_id and s.thread_id = d.id
            )
            select d.id from discarded d
            """;

    @Override
    Mono<Long> bite() {
        return database.inTransaction(session -> session.list(LOCK, row -> Column.of(row, "id", UUID.class), BITE)
                .flatMap(locked -> discard(session, locked)));
    }

    /** Of these, whose rows are locked; gives how many. */
    static Mono<Long> discard(Session session, List<UUID> locked) {
        return session.list(DISCARD, row -> Column.of(row, "id", UUID.class), (Object) locked.toArray(UUID[]::new))
                .map(discarded -> (long) discarded.size());
    }
}
