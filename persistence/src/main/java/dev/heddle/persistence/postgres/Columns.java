package dev.heddle.persistence.postgres;

import java.lang.reflect.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows turned on their side: one array a column, as {@code unnest} takes them. */
final class Columns {
    private final List<@Nullable Object[]> rows;

    private Columns(List<@Nullable Object[]> rows) {
        this.rows = rows;
    }

    static Columns of(List<@Nullable Object[]> rows) {
        return new Columns(rows);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The values of all columns, which have these types in this order. */
    Object[] columns(Class<?>... types) {
        var columns = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            columns[i] = column(i, types[i]);
        }
        return columns;
    }

    /** The values of one column, in the order of the rows. */
    <T> T[] column(int index, Class<T> type) {
        @SuppressWarnings("unchecked")
        T[] values = (T[]) Array.newInstance(type, rows.size());
        for (int i = 0; i < values.length; i++) {
            values[i] = type.cast(rows.get(i)[index]);
        }
        return values;
    }
}
