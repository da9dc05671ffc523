package dev.heddle.persistence.testing;

import dev.heddle.persistence.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Empty databases for tests, all on one server for the JVM: the one that {@code HEDDLE_TEST_DATABASE_URL} names, else a
 * container where a Docker engine has an image of PostgreSQL, else Heddle's own in a temporary directory. What is made
 * here is gone when the JVM ends. Blocks.
 */
public final class TestDatabase {
    private static final String PREFIX = "heddle_test_" + Long.toString(System.nanoTime(), Character.MAX_RADIX) + "_";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestDatabase() {}

    /** The server, by a database that all tests share: look at it, but leave nothing there. */
    public static DatabaseUrl shared() {
        return Started.SERVER.url();
    }

    /** A new and empty database, which nobody else knows. */
    public static DatabaseUrl fresh() {
        var server = shared();
        var name = PREFIX + COUNT.incrementAndGet();
        execute(server, "CREATE DATABASE " + name);
        return new DatabaseUrl(server.host(), server.port(), name, server.user(), server.password(), server.sslmode());
    }

    /** Runs a statement, or several with semicolons between them, on any database. */
    public static void execute(DatabaseUrl database, String sql) {
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + " failed on " + database, e);
        }
    }

    /** The first value that a query answers, as text. */
    public static String ask(DatabaseUrl database, String query) {
        try (var connection = connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "nothing";
        } catch (SQLException e) {
            throw new IllegalStateException(query + " failed on " + database, e);
        }
    }

    /** A way into any database that goes round what is tested. */
    public static Connection connect(DatabaseUrl database) throws SQLException {
        return DriverManager.getConnection(
                database.jdbcUrl(), database.user(), database.password().orElse(null));
    }

    private static void dropAll() {
        for (var number = COUNT.get(); number > 0; number--) {
            execute(shared(), "DROP DATABASE IF EXISTS " + PREFIX + number + " WITH (FORCE)");
        }
    }

    /** Found at the first use; whoever only looks into a database of another server needs none. */
    private static final class Started {
        static final TestServer SERVER = TestServer.find();

        static {
            if (SERVER.outlivesTheTests()) {
                Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::dropAll));
            }
        }
    }
}
