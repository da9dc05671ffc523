package dev.heddle.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Directories as wholes. */
final class Directories {
    private Directories() {}

    /** Deletes the directory with all that is in it, if it is there. */
    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            for (var path : childrenFirst(directory)) {
                Files.delete(path);
            }
        }
    }

    private static List<Path> childrenFirst(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
