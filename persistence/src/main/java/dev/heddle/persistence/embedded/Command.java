package dev.heddle.persistence.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.persistence.embedded.EmbeddedPostgres.StartException;
import java.io.IOException;
import java.util.List;

/** A program that is run to its end. */
final class Command {
    private Command() {}

    static Result run(List<String> command) throws IOException {
        return run(new ProcessBuilder(command), "");
    }

    /** Gives it the input, and waits. */
    static Result run(ProcessBuilder command, String input) throws IOException {
        var process = command.redirectErrorStream(true).start();
        try (var stdin = process.outputWriter(UTF_8)) {
            stdin.write(input);
        }
        try (var stdout = process.getInputStream()) {
            var output = new String(stdout.readAllBytes(), UTF_8).strip();
            return new Result(process.waitFor() == 0, output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("Heddle was interrupted while PostgreSQL was made ready.", e);
        }
    }

    record Result(boolean succeeded, String output) {}
}
