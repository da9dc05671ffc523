package dev.heddle.persistence.embedded;

import dev.heddle.persistence.embedded.EmbeddedPostgres.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL's programs and how they are run: with no settings from outside, and never as root, whom they refuse. */
final class Programs {
    private final Path home;
    private final Path bin;
    private final Disguise disguise;

    private Programs(Path home, Path bin, Disguise disguise) {
        this.home = home;
        this.bin = bin;
        this.disguise = disguise;
    }

    static Programs in(Path home) throws IOException {
        var bin = Binaries.unpackedIn(home).resolve("bin");
        return new Programs(home, bin, Disguise.thatRuns(bin.resolve("postgres")));
    }

    String path(String program) {
        return bin.resolve(program).toString();
    }

    /** Runs one of them to its end. */
    Command.Result run(String input, String program, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(arguments));
        command.addFirst(path(program));
        return Command.run(prepare(command), input);
    }

    /** Runs one of them to its end, and goes no further when it fails. */
    void require(String input, String program, String... arguments) throws IOException {
        var result = run(input, program, arguments);
        if (!result.succeeded()) {
            throw new StartException("PostgreSQL's " + program + " failed: " + result.output());
        }
    }

    /** Any command in which they are run, in the home directory. */
    ProcessBuilder prepare(List<String> command) {
        var builder = new ProcessBuilder(disguise.on(command)).directory(home.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** Makes a directory theirs that they owned as another user the last time. */
    void own(Path directory) throws IOException {
        var owner = ((Number) Files.getAttribute(directory, "unix:uid")).longValue();
        if (owner != disguise.fileOwner()) {
            Command.run(List.of("chown", "-R", Long.toString(disguise.fileOwner()), directory.toString()));
        }
    }
}
