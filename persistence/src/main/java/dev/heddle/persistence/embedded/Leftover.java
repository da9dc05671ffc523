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
 * The server that an earlier Heddle may have left on a data directory, and the {@code postmaster.pid} that names it. The
 * caller holds the directory's lock.
 */
record Leftover(Path data, Programs programs) {
    private static final Logger LOG = LoggerFactory.getLogger(Leftover.class);

    /** Stops the server if it runs. A process that has got its number meanwhile is left alone, and the file deleted. */
    void stop() throws IOException {
        var named = namedProcess();
        if (named.isEmpty()) {
            return;
        }
        if (isServer(named.get())) {
            stop(named.get());
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

    /** The live process with the number in the file, whatever it is. */
    private Optional<ProcessHandle> namedProcess() throws IOException {
        if (Files.notExists(pidFile())) {
            return Optional.empty();
        }
        try (var lines = Files.lines(pidFile())) {
            return lines.findFirst()
                    .filter(line -> line.matches("\\d{1,10}"))
                    .flatMap(line -> ProcessHandle.of(Long.parseLong(line)))
                    .filter(ProcessHandle::isAlive);
        }
    }

    private boolean isServer(ProcessHandle process) throws IOException {
        return process.info()
                        .command()
                        .map(Path::of)
                        .filter(Leftover::isPostgres)
                        .isPresent()
                && worksHere(process);
    }

    /** Also true of a program that was replaced since, to whose name Linux adds " (deleted)". */
    private static boolean isPostgres(Path command) {
        return command.getFileName().toString().startsWith("postgres");
    }

    /** A server's working directory is its data directory; where that cannot be asked, its arguments name it. */
    private boolean worksHere(ProcessHandle process) throws IOException {
        var workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
        if (Files.exists(workingDirectory)) {
            return Files.isSameFile(workingDirectory, data);
        }
        var arguments = process.info().arguments().orElseGet(() -> new String[0]);
        return List.of(arguments).contains(data.toString());
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }
}
