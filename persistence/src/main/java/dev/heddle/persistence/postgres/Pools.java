package dev.heddle.persistence.postgres;

import dev.heddle.persistence.DatabaseUrl;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.client.SSLMode;
import java.time.Duration;

/** Two pools to one database: a crowd of requests must not keep the group commits from a connection. */
final class Pools implements AutoCloseable {
    private final ConnectionPool requests;
    private final ConnectionPool commits;
    private final Duration keyLife;

    Pools(DatabaseUrl url, PostgresSettings settings) {
        keyLife = settings.idempotencyKeyLife();
        var connections = new PostgresqlConnectionFactory(connection(url, settings));
        requests = new ConnectionPool(pool(connections, "requests", settings.maxConnections())
                .maxAcquireTime(settings.acquireTimeout())
                .build());
        // Nobody waits for one of these, so only making one needs a limit; one for each use costs a commit much.
        commits = new ConnectionPool(pool(connections, "commits", settings.maxCommitsInFlight())
                .maxCreateConnectionTime(settings.acquireTimeout())
                .build());
    }

    Database requests() {
        return new Database(requests, keyLife);
    }

    Database commits() {
        return new Database(commits, keyLife);
    }

    @Override
    public void close() {
        requests.dispose();
        commits.dispose();
    }

    private static PostgresqlConnectionConfiguration connection(DatabaseUrl url, PostgresSettings settings) {
        return PostgresqlConnectionConfiguration.builder()
                .applicationName("heddle")
                .host(url.host())
                .port(url.port())
                .username(url.user())
                .password(url.password().orElse(""))
                .database(url.database())
                .sslMode(SSLMode.fromValue(url.sslmode().orElse("prefer")))
                .connectTimeout(settings.acquireTimeout())
                .statementTimeout(settings.statementTimeout())
                .tcpNoDelay(true)
                .codecRegistrar(BinaryCodec.registrar())
                .build();
    }

    private static ConnectionPoolConfiguration.Builder pool(
            PostgresqlConnectionFactory connections, String name, int maxSize) {
        return ConnectionPoolConfiguration.builder(connections)
                .name(name)
                .initialSize(0)
                .maxSize(maxSize)
                .acquireRetry(maxSize); // After a restart of the database all that lie here are dead.
    }
}
