package dev.heddle.gateway.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private Home home = new Home();

    /** The external database if there is one, else the embedded one, started. */
    Database open() {
        return databaseUrl != null && !databaseUrl.isEmpty()
                ? Database.external(databaseUrl)
                : Database.embedded(home.directory());
    }
}
