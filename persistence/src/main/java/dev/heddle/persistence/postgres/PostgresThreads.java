package dev.heddle.persistence.postgres;

import dev.heddle.persistence.ListedThread;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.ThreadChange;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** {@link Threads} in PostgreSQL; also tells what it means that nothing was found in a thread. */
final class PostgresThreads implements Threads {
    private final Database database;

    PostgresThreads(Database database) {
        this.database = database;
    }

    @Override
    public Threads repeatable(RequestKey key) {
        return new RepeatableThreads(this, new Once(database, key));
    }

    private static final String FIND = "select" + ThreadRows.COLUMNS + """
              from threads t
             where t.tenant_id = $1 and t.id = $2 and t.deleted_at is null
            """;

    @Override
    public Mono<StoredThread> find(ThreadKey thread) {
        return database.one(
                        FIND,
                        ThreadRows::thread,
                        thread.tenant().value(),
                        thread.id().value())
                .switchIfEmpty(notFound(thread.id()));
    }

    @Override
    public Mono<Page<ListedThread>> list(TenantId tenant, ThreadFilter filter, PageRequest<ThreadId> request) {
        var list = new ThreadList(tenant, filter);
        return Window.of(request, cursor -> place(list, cursor))
                .flatMap(window -> list.rows(database, window).map(window::page));
    }

    private Mono<ThreadList.Place> place(ThreadList list, ThreadId cursor) {
        return list.place(database, cursor.value()).switchIfEmpty(notFound(cursor));
    }

    private static final String HOLD = """
            update threads t
               set held_until = greatest(t.held_until, now() + $3 * interval '1 millisecond')
             where t.tenant_id = $1 and t.id = $2 and t.deleted_at is null and t.short_lived
            """;

    @Override
    public Mono<Void> hold(ThreadKey thread, Duration atLeast) {
        return database.change(HOLD, thread.tenant().value(), thread.id().value(), atLeast.toMillis())
                .flatMap(held -> held == 0 ? require(thread).then() : Mono.empty());
    }

    private static final String CHANGE = """
            update threads t
               set metadata = coalesce($3::jsonb, t.metadata),
                   strategy = case when $4 then $5 else t.strategy end
             where t.tenant_id = $1 and t.id = $2 and t.deleted_at is null
            returning""" + ThreadRows.COLUMNS;

    @Override
    public Mono<StoredThread> change(ThreadKey thread, ThreadChange change) {
        return database.one(
                        CHANGE,
                        ThreadRows::thread,
                        thread.tenant().value(),
                        thread.id().value(),
                        text(change.metadata().map(JsonText::of)),
                        change.strategy().isPresent(),
                        text(change.strategy()
                                .flatMap(ThreadChange.Default::value)
                                .map(Spelling::of)))
                .switchIfEmpty(notFound(thread.id()));
    }

    private static Object text(Optional<String> value) {
        return Session.Null.or(String.class, value.orElse(null));
    }

    /** Always a problem: the thread's own when it is not there, else the given one. */
    <T> Mono<T> absent(ThreadKey thread, Problem problem) {
        return require(thread).then(Mono.error(() -> new ProblemException(problem)));
    }

    /** What was found in the thread, unless that is nothing and there is no thread. */
    <T> Mono<List<T>> orAbsent(ThreadKey thread, List<T> found) {
        return found.isEmpty() ? require(thread).thenReturn(found) : Mono.just(found);
    }

    private static final String EXISTS = """
            select t.id
              from threads t
             where t.tenant_id = $1 and t.id = $2 and t.deleted_at is null
            """;

    private Mono<UUID> require(ThreadKey thread) {
        return database.one(
                        EXISTS,
                        row -> Column.of(row, "id", UUID.class),
                        thread.tenant().value(),
                        thread.id().value())
                .switchIfEmpty(notFound(thread.id()));
    }

    private static <T> Mono<T> notFound(ThreadId thread) {
        return Mono.error(() -> new ProblemException(new Problem.ThreadNotFound(thread)));
    }
}
