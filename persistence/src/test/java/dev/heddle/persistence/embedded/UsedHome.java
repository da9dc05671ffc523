package dev.heddle.persistence.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A home directory in which a server ran once and ended in order: made once, its data copied for each test. */
record UsedHome(Path path) {
    private static final Path ORIGINAL = make();

    static UsedHome in(Path directory) throws IOException {
        var home = Files.createDirectory(directory.toRealPath().resolve("a home"));
        copy(ORIGINAL.resolve("data"), home, "--archive");
        copy(ORIGINAL.resolve("postgres"), home, "--archive", "--link");
        return new UsedHome(home);
    }

    Path data() {
        return path.resolve("data");
    }

    Path pidFile() {
        return data().resolve("postmaster.pid");
    }

    /** The server's process, as its own file names it. */
    ProcessHandle server() throws IOException {
        var number = Files.readAllLines(pidFile()).getFirst();
        return ProcessHandle.of(Long.parseLong(number)).orElseThrow();
    }

    private static void copy(Path directory, Path into, String... options) throws IOException {
        var command = new ArrayList<>(List.of("cp", directory.toString(), into.toString()));
        command.addAll(List.of(options));
        assertThat(Command.run(command)).isEqualTo(new Command.Result(true, ""));
    }

    private static Path make() {
        try {
            var home = Files.createTempDirectory("heddle-used-home-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(home)));
            EmbeddedPostgres.start(home).close();
            return home;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path home) {
        try {
            Directories.delete(home);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
