package dev.heddle.persistence.postgres;

import io.r2dbc.spi.Readable;
import java.util.Objects;
import java.util.Optional;

/** Reads a column of a row as a type of the driver. */
final class Column {
    private Column() {}

    /** Of a column that is not null. */
    static <T> T of(Readable row, String name, Class<T> type) {
        return Objects.requireNonNull(row.get(name, type), name);
    }

    static <T> Optional<T> find(Readable row, String name, Class<T> type) {
        return Optional.ofNullable(row.get(name, type));
    }
}
