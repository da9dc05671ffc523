package dev.heddle.persistence.postgres;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Removes the tickets that nobody has used in time. */
final class OldTickets extends Tidying {
    static final int BITE = 500;

    private final Database database;

    OldTickets(Database database, Scheduler scheduler) {
        super("Old tickets", BITE, scheduler);
        this.database = database;
    }

    private static final String REMOVE = """
            with old as materialized (
                select o.digest
                  from stream_tickets o
                 where o.expires_at <= now()
                 order by o.expires_at
                 limit $1
                   for update skip locked
            )
            delete from stream_tickets t
             using old
             where t.digest = old.digest
            """;

    @Override
    Mono<Long> bite() {
        return database.change(REMOVE, BITE);
    }
}
