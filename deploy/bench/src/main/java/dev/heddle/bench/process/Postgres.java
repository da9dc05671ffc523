package dev.heddle.bench.process;

import dev.heddle.persistence.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** An embedded PostgreSQL in a temporary directory, measured with all its processes. */
public final class Postgres implements Measured, AutoCloseable {
    private final Path home;
    private final EmbeddedPostgres server;

    private Postgres(Path home, EmbeddedPostgres server) {
        this.home = home;
        this.server = server;
    }

    public static Postgres start() {
        try {
            var home = Files.createTempDirectory("heddle-bench-");
            var postgres = new Postgres(home, EmbeddedPostgres.start(home));
            Runtime.getRuntime().addShutdownHook(new Thread(postgres::close)); // For Ctrl-C.
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return server.url().url();
    }

    /** Of the server and the processes it has now; those that ended count into its own CPU. */
    @Override
    public Usage usage() {
        long postmaster = postmaster();
        return Proc.children(postmaster).stream().map(Proc::usage).reduce(Proc.usage(postmaster), Usage::plus);
    }

    /** May be called again. */
    @Override
    public synchronized void close() {
        if (!Files.exists(home)) {
            return;
        }
        server.close();
        try (var files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long postmaster() {
        try (var lines = Files.lines(home.resolve("data").resolve("postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow().trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
