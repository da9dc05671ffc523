package dev.heddle.persistence.postgres;

import dev.heddle.persistence.DatabaseHealth;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Asks the database for a number. */
final class PostgresHealth implements DatabaseHealth {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Database database;

    PostgresHealth(Database database) {
        this.database = database;
    }

    @Override
    public Mono<Void> check() {
        return database.one("select 1 as one", row -> Column.of(row, "one", Integer.class))
                .timeout(PATIENCE)
                .then();
    }
}
