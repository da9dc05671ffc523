package dev.heddle.persistence.postgres;

import reactor.core.publisher.Mono;

/** How many rows PostgreSQL reads for an answer. Needs a single connection: a session's statistics are its own at first. */
record RowsRead(StoredRows rows) {
    // Often enough that PostgreSQL considers a plan for all parameters instead of one for these.
    private static final int WARM_UPS = 8;

    long by(Mono<?> answer) {
        for (int i = 0; i < WARM_UPS; i++) {
            answer.block();
        }
        long before = ever();
        answer.block();
        return ever() - before;
    }

    private long ever() {
        rows.database().list("select pg_stat_force_next_flush()", row -> true).block();
        return rows.database()
                .one("""
                        select (sum(seq_tup_read) + sum(coalesce(idx_tup_fetch, 0)))::bigint as rows_read
                          from pg_stat_user_tables
                        """, row -> Column.of(row, "rows_read", Long.class))
                .block();
    }
}
