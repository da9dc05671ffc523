package dev.heddle.persistence.postgres;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One connection in use. Statements run one after the other: the driver has no pipelining. */
final class Session {
    private final Connection connection;

    Session(Connection connection) {
        this.connection = connection;
    }

    /** All rows, read whole; parameters are {@code $1}, {@code $2} … in order, a {@link Null} for a typed null. */
    <T> Mono<List<T>> list(String sql, Function<Readable, T> mapper, Object... parameters) {
        return Flux.from(bound(sql, parameters).execute())
                .concatMap(result -> result.map(mapper))
                .collectList();
    }

    /** The only row, or empty. */
    <T> Mono<T> one(String sql, Function<Readable, T> mapper, Object... parameters) {
        return list(sql, mapper, parameters)
                .flatMap(rows -> Mono.justOrEmpty(rows.stream().findFirst()));
    }

    /** How many rows were changed. */
    Mono<Long> change(String sql, Object... parameters) {
        return Flux.from(bound(sql, parameters).execute())
                .concatMap(Result::getRowsUpdated)
                .reduce(0L, Long::sum);
    }

    /** A parameter without a value. */
    record Null(Class<?> type) {
        /** The value, or a null of its type. */
        static <T> Object or(Class<T> type, @Nullable T value) {
            return value == null ? new Null(type) : value;
        }
    }

    private Statement bound(String sql, Object[] parameters) {
        Statement statement = connection.createStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] instanceof Null(Class<?> type)) {
                statement.bindNull(i, type);
            } else {
                statement.bind(i, parameters[i]);
            }
        }
        return statement;
    }
}
