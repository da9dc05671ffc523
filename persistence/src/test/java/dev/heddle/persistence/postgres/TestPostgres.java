package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.AdmissionSettings;
import dev.heddle.persistence.DatabaseUrl;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.ToolCalls;
import dev.heddle.persistence.testing.TestDatabase;
import dev.heddle.streaming.lane.Inbox;
import dev.heddle.streaming.lane.Ownership;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.run.NodeId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A migrated database that nobody else knows, what works on it as it is wired in production, and its bare rows. Blocks. */
final class TestPostgres implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Duration LEASE = Duration.ofSeconds(10);
    static final Duration KEY_LIFE = Duration.ofHours(24);
    static final int MAX_ACTIVE_RUNS = 80;
    static final int MAX_CONNECTIONS = 10;

    private final DatabaseUrl url;
    private final Pools pools;
    private final PostgresSettings settings;
    private final Connection jdbc;

    private TestPostgres(DatabaseUrl url, DatabaseUrl reachedBy) {
        this.url = url;
        this.settings = settings(reachedBy);
        this.pools = new Pools(reachedBy, settings);
        this.jdbc = connect();
    }

    /** Empty but for its tables. */
    static TestPostgres fresh() {
        return on(TestDatabase.fresh());
    }

    /** Brings the tables there. */
    static TestPostgres on(DatabaseUrl url) {
        Flyway.configure()
                .dataSource(url.jdbcUrl(), url.user(), url.password().orElse(""))
                .load()
                .migrate();
        return new TestPostgres(url, url);
    }

    /** The same database by another way: a proxy, or connections of their own. */
    TestPostgres reachedBy(DatabaseUrl other) {
        return new TestPostgres(url, other);
    }

    DatabaseUrl url() {
        return url;
    }

    Database database() {
        return pools.requests();
    }

    EventLog log() {
        return log(groups(new Committer(pools.commits())));
    }

    EventLog log(GroupCommit groups) {
        return new PostgresEventLog(pools.requests(), groups);
    }

    GroupCommit groups(Committer committer) {
        return new GroupCommit(
                committer::commit,
                Schedulers.parallel(),
                settings.commitWindow(),
                settings.maxCommitsInFlight(),
                settings.maxAppendsPerCommit());
    }

    Inbox inbox() {
        return new PostgresInbox(pools.requests());
    }

    Ownership ownership(NodeId node) {
        return new PostgresOwnership(pools.requests(), node, LEASE);
    }

    PostgresThreads threads() {
        return new PostgresThreads(pools.requests());
    }

    Runs runs() {
        return new PostgresRuns(pools.requests(), threads());
    }

    Items items() {
        return new PostgresItems(pools.requests(), threads(), runs());
    }

    ToolCalls toolCalls() {
        return new PostgresToolCalls(pools.requests());
    }

    Admission admission() {
        return new PostgresAdmission(
                pools.requests(), new AdmissionSettings(MAX_ACTIVE_RUNS, Duration.ofMinutes(10)), NodeId.fresh());
    }

    /** The rows of a query, by column; no rows of any other statement. */
    synchronized List<Map<String, Object>> rows(String sql, Object... parameters) {
        try (var statement = jdbc.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(
                        i + 1, parameters[i] instanceof UUID[] ids ? jdbc.createArrayOf("uuid", ids) : parameters[i]);
            }
            return statement.execute() ? rows(statement.getResultSet()) : List.of();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the only row. */
    Object value(String sql, Object... parameters) {
        return rows(sql, parameters).getFirst().values().iterator().next();
    }

    /** Until so many statements wait for others' transactions. */
    void awaitLockWaiters(long count) {
        Mono.fromCallable(() -> value("""
                        select count(*) from pg_stat_activity
                         where datname = current_database() and wait_event_type = 'Lock'
                        """))
                .repeat()
                .filter(waiters -> waiters.equals(count))
                .blockFirst(PATIENCE);
    }

    /** A connection outside of every pool. */
    Connection connect() {
        try {
            return TestDatabase.connect(url);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        pools.close();
        try {
            jdbc.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PostgresSettings settings(DatabaseUrl url) {
        return new PostgresSettings(
                url.url(),
                false,
                MAX_CONNECTIONS,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMillis(2),
                3,
                512,
                Duration.ofSeconds(2),
                LEASE,
                KEY_LIFE);
    }

    private static List<Map<String, Object>> rows(ResultSet result) throws SQLException {
        var rows = new ArrayList<Map<String, Object>>();
        while (result.next()) {
            var row = new LinkedHashMap<String, Object>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                row.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
            }
            rows.add(row);
        }
        return rows;
    }
}
