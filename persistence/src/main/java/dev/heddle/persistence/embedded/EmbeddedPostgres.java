package dev.heddle.persistence.embedded;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import dev.heddle.persistence.DatabaseUrl;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A running PostgreSQL server that belongs to one home directory: what it committed is there at the next start, after a
 * {@code kill -9} of this process or of the server too. It ends with this process, however that ends.
 *
 * <pre>
 * home/data          the database, its password in heddle.password
 * home/postgres      the programs, unpacked once for each version
 * home/postgres.log  what the server says, and what it said before in postgres.log.1
 * home/heddle.lock   held and named by the process that uses the directory
 * </pre>
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String NAME = "heddle";

    private final HomeLock lock;
    private final Server server;
    private final String password;

    private EmbeddedPostgres(HomeLock lock, Server server, String password) {
        this.lock = lock;
        this.server = server;
        this.password = password;
    }

    /**
     * Takes the directory for this process and starts the server in it, on a free port of 127.0.0.1. The first start
     * takes seconds, later ones less than one; after a crash the server's own recovery comes on top.
     *
     * @throws InUseException when another Heddle has the directory
     * @throws StartException when no server can be had from it
     */
    public static EmbeddedPostgres start(Path home) {
        try {
            var ownerOnly = asFileAttribute(fromString("rwx------"));
            var directory = Files.createDirectories(home, ownerOnly).toRealPath();
            return startLocked(HomeLock.take(directory), directory);
        } catch (IOException e) {
            throw new StartException("The embedded PostgreSQL cannot work in " + home + ": " + e, e);
        }
    }

    /** The database {@code heddle} as its superuser {@code heddle}. */
    public DatabaseUrl url() {
        return new DatabaseUrl(Server.HOST, server.port(), NAME, NAME, Optional.of(password), Optional.of("disable"));
    }

    /** Ends all connections, stops the server, gives the directory free. Takes a minute at most; may be repeated. */
    @Override
    public void close() {
        server.close();
        lock.close();
    }

    private static EmbeddedPostgres startLocked(HomeLock lock, Path home) throws IOException {
        try {
            var programs = Programs.in(home);
            var data = DataDirectory.ready(home, programs, NAME);
            return new EmbeddedPostgres(lock, Server.start(home, data.path(), programs), data.password());
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Why there is no server: one sentence for whoever started Heddle, saying where it can what to do. */
    public static class StartException extends IllegalStateException {
        @Serial
        private static final long serialVersionUID = 1;

        StartException(String sentence) {
            super(sentence);
        }

        StartException(String sentence, Exception cause) {
            super(sentence, cause);
        }
    }
    /** Another Heddle has the directory. */
    public static final class InUseException extends StartException {
        @Serial
        private static final long serialVersionUID = 1;

        InUseException(String sentence) {
            super(sentence);
        }
    }
}
