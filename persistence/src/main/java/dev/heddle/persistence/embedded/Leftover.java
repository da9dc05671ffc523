package dev.heddle.persistence.embedded;

import dev.heddle.persistence.embedded.EmbeddedPostgres.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that an earlier Heddle may have left on a data directory, and the {@code postmaster.pid} that names it.
 * The caller holds the directory's lock.
 */
record Leftover(Path data, Programs programs) {
    private static final Logger LOG = LoggerFactory.getLogger(Leftover.class);

    /**
     * Stops the server if it runs, and deletes the file if it does not: a process that has got the number meanwhile is
     * left alone. What such a server's children may still be doing keeps a new one from starting, file or no file.
     */
    void stop() throws IOException {
        var server = runningServer();
        if (server.isPresent()) {
            stop(server.get());
        } else {
            Files.deleteIfExists(pidFile());
        }
    }

    private void stop(ProcessHandle server) throws IOException {
        LOG.info("Stopping the PostgreSQL {} that an earlier Heddle left on {}", server.pid(), data);
        var stopped = programs.run("", "pg_ctl", stop("fast")).succeeded()
                || programs.run("", "pg_ctl", stop("immediate")).succeeded();
        if (!stopped && isServer(server)) {
            throw new StartException("An earlier Heddle left PostgreSQL running on " + data + " as process "
                    + server.pid() + ", and it does not stop: end it, then start again.");
        }
    }

    private String[] stop(String mode) {
        return new String[] {"stop", "--pgdata=" + data, "--mode=" + mode, "--wait", "--timeout=30", "--silent"};
    }

    private Optional<ProcessHandle> runningServer() throws IOException {
        var process = namedProcess();
        return process.isPresent() && isServer(process.get()) ? process : Optional.empty();
    }

    private Optional<ProcessHandle> namedProcess() throws IOException {
        if (Files.notExists(pidFile())) {
            return Optional.empty();
        }
        try (var lines = Files.lines(pidFile())) {
            return lines.findFirst()
                    .filter(line -> line.matches("\\d{1,10}"))
                    .flatMap(line -> ProcessHandle.of(Long.parseLong(line)));
        }
    }

    /** A server works in its data directory; where that cannot be asked, its arguments name it. */
    private boolean isServer(ProcessHandle process) throws IOException {
        if (process.info().command().filter(Leftover::isPostgres).isEmpty()) {
            return false;
        }
        var workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
        if (Files.exists(workingDirectory)) {
            return Files.isSameFile(workingDirectory, data);
        }
        var arguments = process.info().arguments().orElseGet(() -> new String[0]);
        return List.of(arguments).contains(data.toString());
    }

    /** Also of a program that was replaced since, to whose name Linux adds " (deleted)". */
    private static boolean isPostgres(String command) {
        return Path.of(command).getFileName().toString().startsWith("postgres");
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }
}
