package dev.heddle.persistence.embedded;

import static dev.heddle.persistence.testing.TestDatabase.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresAfterAKillIT {
    private static final String WRITE = "CREATE TABLE word AS SELECT 'kept' AS word";
    private static final String READ = "SELECT word FROM word";
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path temporary;

    private UsedHome home;

    @BeforeEach
    void haveAHome() throws IOException {
        home = UsedHome.in(temporary);
    }

    @Test
    void theServerEndsInOrderWhenHeddleIsKilled() throws IOException {
        try (var heddle = startedHeddle()) {
            var server = home.server();

            heddle.kill();

            assertThat(server.onExit()).succeedsWithin(SOON);
            assertThat(home.path().resolve("postgres.log")).content().doesNotContain("not properly shut down");
            assertRowIsThere();
        }
    }

    @Test
    void theServerEndsWhenHeddleExitsWithoutClosingIt() throws Exception {
        try (var heddle = startedHeddle()) {
            var server = home.server();

            heddle.exit();

            assertThat(server.onExit()).succeedsWithin(SOON);
            assertRowIsThere();
        }
    }

    @Test
    void theNextStartNeedNotWaitForTheServerToEnd() throws IOException {
        try (var heddle = startedHeddle()) {
            heddle.kill();

            assertRowIsThere();
        }
    }

    @Test
    void aServerThatWasLeftRunningIsStopped() throws IOException {
        try (var heddle = startedHeddle()) {
            var server = home.server();
            heddle.killWithKeeper();
            assertThat(server.isAlive()).isTrue();

            assertRowIsThere();
            assertThat(server.onExit()).succeedsWithin(SOON);
        }
    }

    @Test
    void theOldServersKeeperDoesNotStopTheNewOne() throws Exception {
        try (var heddle = startedHeddle()) {
            var keeper = heddle.keeper();
            signal("STOP", keeper);
            heddle.kill();

            try (var postgres = EmbeddedPostgres.start(home.path())) {
                signal("CONT", keeper);
                assertThat(keeper.onExit()).succeedsWithin(SOON);
                assertThat(ask(postgres.url(), READ)).isEqualTo("kept");
                assertThat(home.server().isAlive()).isTrue();
            }
        }
    }

    @Test
    void aServerThatWasKilledTooRecovers() throws IOException {
        try (var heddle = startedHeddle()) {
            var server = home.server();
            heddle.killWithKeeper();
            OtherHeddle.kill(server);
            assertThat(home.pidFile()).exists();

            assertRowIsThere();
        }
    }

    @Test
    void aProcessThatHasTheServersNumberNowIsLeftAlone() throws IOException {
        var sleep = new ProcessBuilder("sleep", "600").start();
        try {
            Files.write(home.pidFile(), List.of("" + sleep.pid(), home.data().toString(), "1", "5432", "", "", ""));

            EmbeddedPostgres.start(home.path()).close();

            assertThat(sleep.isAlive()).isTrue();
        } finally {
            sleep.destroyForcibly();
        }
    }

    @Test
    void theServerOfAnotherDirectoryThatHasTheNumberNowIsLeftAlone() throws IOException {
        var elsewhere = UsedHome.in(Files.createDirectory(temporary.resolve("elsewhere")));
        try (var other = EmbeddedPostgres.start(elsewhere.path())) {
            Files.copy(elsewhere.pidFile(), home.pidFile());

            EmbeddedPostgres.start(home.path()).close();

            assertThat(ask(other.url(), "SELECT 'undisturbed'")).isEqualTo("undisturbed");
        }
    }

    @Test
    void aFileThatNamesNoProcessIsNoObstacle() throws IOException {
        Files.writeString(home.pidFile(), "");
        EmbeddedPostgres.start(home.path()).close();

        Files.writeString(home.pidFile(), "999999999\n");
        EmbeddedPostgres.start(home.path()).close();
    }

    private OtherHeddle startedHeddle() throws IOException {
        var heddle = OtherHeddle.start(home.path(), WRITE);
        assertThat(heddle.says()).isEqualTo("done");
        return heddle;
    }

    private static void signal(String name, ProcessHandle process) throws IOException {
        Command.run(List.of("kill", "-" + name, Long.toString(process.pid())));
    }

    private void assertRowIsThere() {
        try (var postgres = EmbeddedPostgres.start(home.path())) {
            assertThat(ask(postgres.url(), READ)).isEqualTo("kept");
        }
    }
}
