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
    private static final TestServer SERVER = TestServer.find();
    private static final String PREFIX = "heddle_test_" + Long.toString(System.nanoTime(), Character.MAX_RADIX) + "_";
    private static final AtomicInteger COUNT = new AtomicInteger();

    static {
        if (SERVER.outlivesTheTests()) {
            Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::dropAll));
        }
    }

    private TestDatabase() {}

    /** The server, by a database that all tests share: look at it, but leave nothing there. */
    public static DatabaseUrl shared() {
        return SERVER.url();
    }

    /** A new and empty database, which nobody else knows. */
    public static DatabaseUrl fresh() {
        var name = PREFIX + COUNT.incrementAndGet();
        execute(shared(), "CREATE DATABASE " + name);
        return new DatabaseUrl(
                shared().host(), shared().port(), name, shared().user(), shared().password(), shared().sslmode());
    }

    /** Runs one statement, or several with semicolons, outside of what is tested. */
    public static void execute(DatabaseUrl database, String sql) {
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + " failed on " + database, e);
        }
    }

    /** A JDBC connection for what a test wants to see with its own eyes. */
    public static Connection connect(DatabaseUrl database) throws SQLException {
        return DriverManager.getConnection(
                database.jdbcUrl(), database.user(), database.password().orElse(null));
    }

    private static void dropAll() {
        for (var number = COUNT.get(); number > 0; number--) {
            execute(shared(), "DROP DATABASE IF EXISTS " + PREFIX + number + " WITH (FORCE)");
        }
    }
}
