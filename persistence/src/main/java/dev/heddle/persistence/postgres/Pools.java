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
        requests = pool(connections, settings, "requests", settings.maxConnections());
        commits = pool(connections, settings, "commits", settings.maxCommitsInFlight());
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

    private static ConnectionPool pool(
            PostgresqlConnectionFactory connections, PostgresSettings settings, String name, int maxSize) {
        return new ConnectionPool(ConnectionPoolConfiguration.builder(connections)
                .name(name)
                .initialSize(0)
                .maxSize(maxSize)
                .maxAcquireTime(settings.acquireTimeout())
                .acquireRetry(maxSize) // After a restart of the database all that lie here are dead.
                .build());
    }
}
