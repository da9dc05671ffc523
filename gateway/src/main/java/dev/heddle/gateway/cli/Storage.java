package dev.heddle.gateway.cli;

import dev.heddle.persistence.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an instance keeps its data: an external database, or an embedded one in a directory. */
final class Storage {
    @Option(
            names = "--database-url",
            defaultValue = "${env:DATABASE_URL}",
            paramLabel = "URL",
            description = "postgresql://user:password@host:port/database. Without it, an embedded PostgreSQL is"
                    + " started. (env DATABASE_URL)")
    private @Nullable String databaseUrl;

    @Option(
            names = "--data-dir",
            defaultValue = "${env:HEDDLE_HOME:-${sys:user.home}/.heddle}",
            paramLabel = "DIR",
            description = "Where the embedded PostgreSQL keeps its data; default: ${DEFAULT-VALUE}. (env HEDDLE_HOME)")
    private Path dataDirectory = Path.of(".heddle");

    /** A database that is ready, and what the instance must be told of it. */
    record Opened(Map<String, Object> settings, Optional<EmbeddedPostgres> embedded) implements AutoCloseable {
        @Override
        public void close() {
            embedded.ifPresent(EmbeddedPostgres::close);
        }
    }

    /** Starts the embedded database if it is one, in a directory below the data directory when {@code below} names it. */
    Opened open(String below) {
        if (databaseUrl != null && !databaseUrl.isEmpty()) {
            return new Opened(Map.of("heddle.database.url", databaseUrl), Optional.empty());
        }
        var embedded = EmbeddedPostgres.start(dataDirectory.resolve(below).toAbsolutePath());
        return new Opened(
                Map.of("heddle.database.url", embedded.url().url(), "heddle.database.alone", true),
                Optional.of(embedded));
    }
}
