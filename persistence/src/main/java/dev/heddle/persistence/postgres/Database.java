package dev.heddle.persistence.postgres;

import dev.heddle.persistence.RequestKey;
import dev.heddle.streaming.run.TenantId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A pool of connections. What was begun goes on to its end even when its caller goes away: the driver cannot cancel a
 * statement, and a connection given back in the middle of one would answer the next caller with the wrong rows.
 */
class Database {
    private final ConnectionFactory connections;
    private final Duration keyLife;

    /** {@code keyLife} is how long the key of a request counts. */
    Database(ConnectionFactory connections, Duration keyLife) {
        this.connections = connections;
        this.keyLife = keyLife;
    }

    /** The same database for one request, done once: all its work claims the key, in the transaction that stores it. */
    final Database claiming(TenantId tenant, RequestKey key) {
        return new ClaimingDatabase(connections, keyLife, Claim.of(tenant, key, keyLife));
    }

    /** What a request with this key made, empty if there was none; a {@code KeyReused} problem if it was another one. */
    final Mono<Made> madeBy(TenantId tenant, RequestKey key) {
        return inSession(session -> KeyRow.find(session, tenant, key.key(), keyLife))
                .flatMap(row -> row.madeBy(key));
    }

    /** As {@link Session#list}, on a connection of its own. */
    final <T> Mono<List<T>> list(String sql, Function<Readable, T> mapper, Object... parameters) {
        return inSession(session -> session.list(sql, mapper, parameters));
    }

    /** As {@link Session#one}, on a connection of its own. */
    final <T> Mono<T> one(String sql, Function<Readable, T> mapper, Object... parameters) {
        return inSession(session -> session.one(sql, mapper, parameters));
    }

    /** As {@link Session#change}, on a connection of its own, committed at once. */
    final Mono<Long> change(String sql, Object... parameters) {
        return inSession(session -> session.change(sql, parameters));
    }

    /** Commits when the work completes, with or without a value; rolls back when it fails. */
    <T> Mono<T> inTransaction(Function<Session, Mono<T>> work) {
        return toItsEnd(Mono.usingWhen(
                begun(),
                connection -> committed(connection, work.apply(new Session(connection))),
                Connection::close,
                (connection, _) -> rolledBack(connection),
                Database::rolledBack));
    }

    /** The commit belongs to the work: its failure is the work's, told as it is, and gives the connection back, too. */
    private static <T> Mono<T> committed(Connection connection, Mono<T> work) {
        return work.singleOptional()
                .delayUntil(_ -> connection.commitTransaction())
                .flatMap(Mono::justOrEmpty);
    }

    /** Work of single statements, each committed at once. */
    <T> Mono<T> inSession(Function<Session, Mono<T>> work) {
        return toItsEnd(Mono.usingWhen(
                connections.create(), connection -> work.apply(new Session(connection)), Connection::close));
    }

    private Mono<Connection> begun() {
        return Mono.<Connection>from(connections.create())
                .delayUntil(connection ->
                        Mono.from(connection.beginTransaction()).onErrorResume(error -> closed(connection, error)));
    }

    private static Mono<Void> closed(Connection connection, Throwable error) {
        return Mono.from(connection.close()).then(Mono.error(error));
    }

    private static Mono<Void> rolledBack(Connection connection) {
        return Mono.from(connection.rollbackTransaction())
                .onErrorComplete() // A lost connection, or a failed commit: the transaction is gone already.
                .then(Mono.from(connection.close()));
    }

    private static <T> Mono<T> toItsEnd(Mono<T> work) {
        return Mono.fromFuture(work::toFuture, true);
    }
}
