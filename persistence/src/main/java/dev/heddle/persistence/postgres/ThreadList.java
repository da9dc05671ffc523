package dev.heddle.persistence.postgres;

import dev.heddle.persistence.ListedThread;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.ThreadStatus;
import dev.heddle.streaming.run.TenantId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The threads of a tenant that a filter wants, by creation. */
record ThreadList(TenantId tenant, ThreadFilter filter) {
    /** A thread's place in the list. */
    record Place(Instant createdAt, UUID id) {
        private static final Place LOWEST = new Place(Instant.EPOCH, new UUID(0, 0));
        private static final Place HIGHEST = new Place(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1, -1));
    }

    // A deleted thread keeps its place: whoever reads page by page has it as a cursor.
    private static final String PLACE = """
            select t.created_at, t.id
              from threads t
             where t.tenant_id = $1 and t.id = $2
            """;

    Mono<Place> place(Database database, UUID cursor) {
        return database.one(
                PLACE,
                row -> new Place(Column.of(row, "created_at", Instant.class), Column.of(row, "id", UUID.class)),
                tenant.value(),
                cursor);
    }

    /** Of {@code threads t}: whether it has an active run. */
    private static final String ACTIVE = """
             exists (select from runs r
                      where r.tenant_id = t.tenant_id and r.thread_id = t.id and r.ended_seq is null
                        and""" + RunRows.VISIBLE + ")";

    private static final String PAGE = "select" + ThreadRows.COLUMNS + ", " + ACTIVE + """
             as active
              from threads t
             where t.tenant_id = $1 and t.deleted_at is null and not t.short_lived
               and (t.created_at, t.id) > ($2, $3) and (t.created_at, t.id) < ($4, $5)
               %1$s
             order by t.created_at %2$s, t.id %2$s
             limit $6
            """;

    // Some pairs are in one thread of thousands and others in all: there is no one plan for both.
    private static final String PLAN_ANEW = "set local plan_cache_mode = force_custom_plan";

    Mono<List<ListedThread>> rows(Database database, Window<Place> window) {
        return filter.metadata().isEmpty()
                ? database.list(sql(window), ThreadList::row, parameters(window))
                : database.inTransaction(session ->
                        session.change(PLAN_ANEW).then(session.list(sql(window), ThreadList::row, parameters(window))));
    }

    private String sql(Window<Place> window) {
        return PAGE.formatted(status() + metadata(), window.direction());
    }

    private String status() {
        return switch (filter.status().orElse(null)) {
            case null -> "";
            case IDLE -> " and not " + ACTIVE;
            case ACTIVE -> " and " + ACTIVE;
        };
    }

    private String metadata() {
        return filter.metadata().isEmpty() ? "" : " and t.metadata @> $7::jsonb";
    }

    private Object[] parameters(Window<Place> window) {
        var low = window.low().orElse(Place.LOWEST);
        var high = window.high().orElse(Place.HIGHEST);
        var parameters = new ArrayList<Object>(
                List.of(tenant.value(), low.createdAt(), low.id(), high.createdAt(), high.id(), window.rows()));
        if (!filter.metadata().isEmpty()) {
            parameters.add(JsonText.of(filter.metadata()));
        }
        return parameters.toArray();
    }

    private static ListedThread row(Readable row) {
        boolean active = Column.of(row, "active", Boolean.class);
        return new ListedThread(ThreadRows.thread(row), active ? ThreadStatus.ACTIVE : ThreadStatus.IDLE);
    }
}
