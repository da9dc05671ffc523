package dev.heddle.persistence.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a server says until it ends: copied to a file of 5 MB at most, beside as much of what was said before. */
final class ServerLog {
    private static final long MAX_BYTES = 5_000_000;
    private static final int LAST_LINES = 6;
    private static final Duration TIME_TO_END = Duration.ofSeconds(5);

    private final Path file;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final Thread copying;

    /** Copies in a thread of its own. */
    ServerLog(InputStream output, Path file) {
        this.file = file;
        this.copying = Thread.ofPlatform().daemon().name("postgres-log").start(() -> copy(output));
    }

    /** The last words of a server that has ended. */
    String lastWords() {
        awaitEnd();
        synchronized (lastLines) {
            return String.join(" | ", lastLines);
        }
    }

    private void awaitEnd() {
        try {
            copying.join(TIME_TO_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy(InputStream output) {
        try (var lines = new BufferedReader(new InputStreamReader(output, UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                remember(line);
                write(line);
            }
        } catch (IOException e) {
            remember(e.toString());
        }
    }

    private void remember(String line) {
        synchronized (lastLines) {
            lastLines.addLast(line);
            if (lastLines.size() > LAST_LINES) {
                lastLines.removeFirst();
            }
        }
    }

    private void write(String line) {
        try {
            if (Files.exists(file) && Files.size(file) > MAX_BYTES) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), REPLACE_EXISTING);
            }
            Files.writeString(file, line + "\n", CREATE, APPEND);
        } catch (IOException e) {
            // The line is lost, as on a full disk. The next ones must be read all the same, or the server would stand
            // still.
        }
    }
}
