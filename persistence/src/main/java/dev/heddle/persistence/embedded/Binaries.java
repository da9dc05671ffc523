package dev.heddle.persistence.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.heddle.persistence.embedded.EmbeddedPostgres.StartException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs for this machine, as zonky's jars carry them. */
final class Binaries {
    private static final int ANY_EXECUTE_BIT = 0b001_001_001;

    private Binaries() {}

    /** For example {@code 18.6.0}. */
    static String version() throws IOException {
        try (var resource = resource("postgres-version")) {
            return new String(resource.readAllBytes(), UTF_8).strip();
        }
    }

    /** The directory with {@code bin}, {@code lib} and {@code share}: unpacked now, as a whole, if not before. */
    static Path unpackedIn(Path home) throws IOException {
        var directory = home.resolve("postgres").resolve(version() + "-" + platform());
        if (!Files.exists(directory)) {
            var unfinished = directory.resolveSibling("unfinished");
            Directories.delete(unfinished);
            unpack(unfinished);
            Files.move(unfinished, directory, ATOMIC_MOVE);
        }
        return directory;
    }

    private static void unpack(Path target) throws IOException {
        try (var resource = resource("/postgres-" + platform() + ".txz");
                var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(resource)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, target.resolve(entry.getName()));
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.resolveSibling(""));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, file);
            allowToExecute(entry, file);
        }
    }

    private static void allowToExecute(TarArchiveEntry entry, Path file) throws IOException {
        var executable = (entry.getMode() & ANY_EXECUTE_BIT) != 0;
        if (executable && !file.toFile().setExecutable(true, false)) {
            throw new IOException("Cannot make " + file + " executable");
        }
    }

    private static InputStream resource(String name) {
        var resource = Binaries.class.getResourceAsStream(name);
        if (resource == null) {
            throw new StartException("Heddle brings no PostgreSQL for " + platform()
                    + ": start one of your own and name it in DATABASE_URL.");
        }
        return resource;
    }

    private static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        var machine = System.getProperty("os.arch");
        return system + "-"
                + switch (machine) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64" -> "arm_64";
                    default -> machine;
                };
    }
}
