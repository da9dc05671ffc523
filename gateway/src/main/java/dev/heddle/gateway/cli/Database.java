package dev.heddle.gateway.cli;

import dev.heddle.persistence.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.Map;

/** A database that is ready: what the instance must be told of it, and what is done when it is no longer needed. */
record Database(Map<String, Object> settings, Runnable whenClosed) implements AutoCloseable {
    static Database external(String url) {
        return new Database(Map.of("heddle.database.url", url), () -> {});
    }

    /** Starts PostgreSQL in the directory. */
    static Database embedded(Path directory) {
        var embedded = EmbeddedPostgres.start(directory);
        return new Database(
                Map.of("heddle.database.url", embedded.url().url(), "heddle.database.alone", true), embedded::close);
    }

    /** May be repeated. */
    @Override
    public void close() {
        whenClosed.run();
    }
}
