package dev.heddle.gateway.cli;

import dev.heddle.gateway.demo.DemoFailed;
import dev.heddle.gateway.demo.Screen;
import dev.heddle.persistence.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The demo's own embedded database. It is kept, so that only the first demo waits for it to be made. */
final class DemoDatabase {
    private DemoDatabase() {}

    /** Starts it in the directory; while another demo is there, in a temporary one that is deleted when it is closed. */
    static Database start(Path directory, Screen screen) {
        try {
            screen.part("Starting PostgreSQL in " + directory + firstTime(directory) + " … ");
            return Database.embedded(directory);
        } catch (EmbeddedPostgres.InUseException another) {
            screen.line("another demo is there");
            return startTemporary(screen);
        }
    }

    private static Database startTemporary(Screen screen) {
        var directory = temporaryDirectory();
        screen.part("Starting PostgreSQL in " + directory + firstTime(directory) + " … ");
        try {
            var database = Database.embedded(directory);
            return new Database(database.settings(), () -> {
                database.close();
                delete(directory);
            });
        } catch (RuntimeException e) {
            delete(directory);
            throw e;
        }
    }

    private static String firstTime(Path directory) {
        return Files.exists(directory.resolve("data")) ? "" : " (some seconds, the first time)";
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("heddle-demo-");
        } catch (IOException e) {
            throw new DemoFailed("No temporary directory can be made: " + e);
        }
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // What is left is in the system's temporary directory, and is the system's to delete.
        }
    }
}
