package dev.heddle.persistence.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import dev.heddle.persistence.embedded.EmbeddedPostgres.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The database's files: there with all that belongs to them, or not there at all. */
record DataDirectory(Path path) {
    private static final String PASSWORD = "heddle.password";
    private static final int PASSWORD_BYTES = 24;

    /** Makes the files of a home ready for a server: no other one runs on them, and this version reads them. */
    static DataDirectory ready(Path home, Programs programs, String name) throws IOException {
        var data = home.resolve("data");
        if (Files.notExists(data)) {
            create(data, home.resolve("data.unfinished"), programs, name);
        }
        new Leftover(data, programs).stop();
        programs.own(data);
        requireMajor(data);
        configure(data);
        return new DataDirectory(data);
    }

    String password() throws IOException {
        return Files.readString(path.resolve(PASSWORD)).strip();
    }

    /** Renames what is complete; so a start that was cut short leaves nothing that could be taken for a database. */
    private static void create(Path data, Path unfinished, Programs programs, String name) throws IOException {
        Directories.delete(unfinished);
        Files.createDirectory(unfinished, asFileAttribute(fromString("rwx------")));
        var password = writePassword(unfinished.resolve(PASSWORD));
        var cluster = unfinished.resolve("data");
        initialise(cluster, password, programs, name);
        createDatabase(cluster, programs, name);
        Files.move(password, cluster.resolve(PASSWORD));
        Files.move(cluster, data, ATOMIC_MOVE);
        Directories.delete(unfinished);
    }

    private static Path writePassword(Path file) throws IOException {
        var bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        Files.createFile(file, asFileAttribute(fromString("rw-------")));
        return Files.writeString(file, Base64.getUrlEncoder().encodeToString(bytes) + "\n", WRITE, SYNC);
    }

    /** With the server's own C.UTF-8, which sorts and compares the same on every machine. */
    private static void initialise(Path cluster, Path password, Programs programs, String name) throws IOException {
        programs.require(
                "",
                "initdb",
                "--pgdata=" + cluster,
                "--username=" + name,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions");
    }

    private static void createDatabase(Path cluster, Programs programs, String name) throws IOException {
        var statement = "CREATE DATABASE " + name;
        programs.require(
                statement, "postgres", "--single", "-D", cluster.toString(), "-c", "exit_on_error=on", "postgres");
    }

    private static void requireMajor(Path data) throws IOException {
        var mine = Binaries.version().replaceFirst("\\..*", "");
        var file = data.resolve("PG_VERSION");
        var found = Files.exists(file) ? Files.readString(file).strip() : "something else";
        if (!found.equals(mine)) {
            throw new StartException(
                    data + " was written by PostgreSQL " + found + ", and this Heddle brings PostgreSQL " + mine
                            + ": use the Heddle that wrote it, or another directory with --data-dir or HEDDLE_HOME.");
        }
    }

    private static void configure(Path data) throws IOException {
        try (var settings = DataDirectory.class.getResourceAsStream("postgresql.conf")) {
            Files.copy(settings, data.resolve("postgresql.conf"), REPLACE_EXISTING);
        }
    }
}
