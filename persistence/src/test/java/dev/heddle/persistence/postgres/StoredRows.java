package dev.heddle.persistence.postgres;

import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.testing.TestDatabase;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.Flyway;

/** A fresh database with our tables, and rows put there by hand as admission and the owner's appends would leave them. */
final class StoredRows implements AutoCloseable {
    static final AssistantId ASSISTANT = AssistantId.fresh();

    private final ConnectionPool pool;
    private final Database database;

    /** With at most so many connections. */
    StoredRows(int connections) {
        var url = TestDatabase.fresh();
        Flyway.configure()
                .dataSource(url.jdbcUrl(), url.user(), url.password().orElse(null))
                .load()
                .migrate();
        var configuration = PostgresqlConnectionConfiguration.builder()
                .host(url.host())
                .port(url.port())
                .database(url.database())
                .username(url.user());
        url.password().ifPresent(configuration::password);
        pool = new ConnectionPool(
                ConnectionPoolConfiguration.builder(new PostgresqlConnectionFactory(configuration.build()))
                        .maxSize(connections)
                        .build());
        database = new Database(pool, TestPostgres.KEY_LIFE);
    }

    Database database() {
        return database;
    }

    /** The items of these rows, read as in production. */
    PostgresItems items() {
        var threads = new PostgresThreads(database);
        return new PostgresItems(database, threads, new PostgresRuns(database, threads));
    }

    ThreadKey thread(TenantId tenant) {
        var thread = new ThreadKey(tenant, ThreadId.fresh());
        change("insert into threads (tenant_id, id, metadata) values ($1, $2, '{}')", tenant.value(), id(thread));
        return thread;
    }

    /** A branch that goes on from a run which saw the events up to {@code seq}. */
    ThreadKey branch(RunKey parent, long seq) {
        var branch = thread(parent.thread().tenant());
        change(
                "update threads set parent_thread = $3, parent_turn = $4, parent_seq = $5"
                        + " where tenant_id = $1 and id = $2",
                tenant(branch),
                id(branch),
                id(parent.thread()),
                parent.turn(),
                seq);
        return branch;
    }

    void delete(ThreadKey thread) {
        change("update threads set deleted_at = now() where tenant_id = $1 and id = $2", tenant(thread), id(thread));
    }

    /** A turn of one message. */
    ItemId message(ThreadKey thread, long turn, Optional<RunId> adoptedBy) {
        change(
                "insert into turns (tenant_id, thread_id, number, adopted_by) values ($1, $2, $3, $4)",
                tenant(thread),
                id(thread),
                turn,
                adoptedBy.<Object>map(RunId::value).orElse(new Session.Null(UUID.class)));
        return item(thread, turn, 0, Optional.empty());
    }

    void adopt(ThreadKey thread, long turn, RunId run) {
        change(
                "update turns set adopted_by = $4 where tenant_id = $1 and thread_id = $2 and number = $3",
                tenant(thread),
                id(thread),
                turn,
                run.value());
    }

    /** A queued run and its turn, as yet without items. */
    RunKey run(ThreadKey thread, long turn, int inputs) {
        var run = new RunKey(thread, turn, RunId.fresh());
        change(
                "insert into turns (tenant_id, thread_id, number, run_id) values ($1, $2, $3, $4)",
                tenant(thread),
                id(thread),
                turn,
                run.id().value());
        change("""
                insert into runs (tenant_id, thread_id, turn, id, inputs, strategy, spec, metadata, expires_at, status)
                values ($1, $2, $3, $4, $5, 'concurrent', $6::jsonb, '{}', now() + interval '10 minutes', 'queued')
                """, tenant(thread), id(thread), turn, run.id().value(), inputs, JsonText.of(spec()));
        return run;
    }

    static RunSpec spec() {
        return RunSpec.of(ASSISTANT, "demo", "Be brief.", ModelOptions.DEFAULTS);
    }

    /** Makes it a run that is shown only so many of the newest messages. */
    void limit(RunKey run, int lastMessages) {
        change(
                "update runs set spec = jsonb_set(spec, '{limits}', jsonb_build_object('last_messages', $3::int))"
                        + " where tenant_id = $1 and id = $2",
                tenant(run.thread()),
                run.id().value(),
                lastMessages);
    }

    void start(RunKey run, long seq) {
        change(
                "update runs set status = 'in_progress', started_at = now(), started_seq = $3"
                        + " where tenant_id = $1 and id = $2",
                tenant(run.thread()),
                run.id().value(),
                seq);
    }

    void end(RunKey run, RunStatus status, long seq) {
        change(
                "update runs set status = $3, ended_at = now(), ended_seq = $4, prompt_tokens = 3,"
                        + " completion_tokens = 4 where tenant_id = $1 and id = $2",
                tenant(run.thread()),
                run.id().value(),
                Spelling.of(status),
                seq);
    }

    void askToStop(RunKey run) {
        change(
                "insert into thread_inbox (tenant_id, thread_id, kind, run_id, cause)"
                        + " values ($1, $2, 'stop', $3, 'client')",
                tenant(run.thread()),
                id(run.thread()),
                run.id().value());
    }

    ItemId input(RunKey run, int index) {
        return item(run.thread(), run.turn(), index, Optional.empty());
    }

    ItemId output(RunKey run, int index) {
        return item(run.thread(), run.turn(), index, Optional.of(run.id()));
    }

    private ItemId item(ThreadKey thread, long turn, int index, Optional<RunId> outputOf) {
        var item = ItemId.fresh();
        var message = Item.Message.of(outputOf.isPresent() ? Role.ASSISTANT : Role.USER, turn + "." + index);
        change(
                """
                insert into items (tenant_id, thread_id, turn, item_index, id, output_of, model_call, kind, status,
                                   item, prompt_tokens, completion_tokens, created_at, ended_at)
                values ($1, $2, $3, $4, $5, $6, 1, 'message', $7, $8::jsonb, 5, 6, now(), now())
                """,
                tenant(thread),
                id(thread),
                turn,
                index,
                item.value(),
                outputOf.<Object>map(RunId::value).orElse(new Session.Null(UUID.class)),
                Spelling.of(ItemStatus.COMPLETED),
                JsonText.of(message));
        return item;
    }

    void change(String sql, Object... parameters) {
        database.change(sql, parameters).block();
    }

    private static String tenant(ThreadKey thread) {
        return thread.tenant().value();
    }

    private static UUID id(ThreadKey thread) {
        return thread.id().value();
    }

    @Override
    public void close() {
        pool.dispose();
    }
}
