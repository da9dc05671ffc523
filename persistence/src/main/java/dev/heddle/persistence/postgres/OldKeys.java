package dev.heddle.persistence.postgres;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Forgets the keys of requests when they count no more. */
final class OldKeys extends Tidying {
    static final int BITE = 500;

    private final Database database;
    private final Duration life;

    OldKeys(Database database, Duration life, Scheduler scheduler) {
        super("Old keys", BITE, scheduler);
        this.database = database;
        this.life = life;
    }

    // Leaves those to the next minute that a request is just replacing.
    private static final String FORGET = """
            with old as materialized (
                select o.tenant_id, o.key
                  from idempotency_keys o
                 where o.created_at < now() - $1 * interval '1 millisecond'
                 order by o.created_at
                 limit $2
                   for update skip locked
            )
            delete from idempotency_keys k
             using old
             where k.tenant_id = old.tenant_id and k.key = old.key
            """;

    @Override
    Mono<Long> bite() {
        return database.change(FORGET, life.toMillis(), BITE);
    }
}
