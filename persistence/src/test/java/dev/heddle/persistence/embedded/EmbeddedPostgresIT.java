package dev.heddle.persistence.embedded;

import static dev.heddle.persistence.testing.TestDatabase.ask;
import static dev.heddle.persistence.testing.TestDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.DatabaseUrl;
import dev.heddle.persistence.embedded.EmbeddedPostgres.StartException;
import dev.heddle.persistence.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    @TempDir
    private Path temporary;

    private UsedHome home;

    @BeforeEach
    void haveAHome() throws IOException {
        home = UsedHome.in(temporary);
    }

    @Test
    void itIsARealPostgresThatKeepsWhatIsCommitted() {
        try (var postgres = EmbeddedPostgres.start(home.path())) {
            assertThat(ask(postgres.url(), "SHOW server_version")).isEqualTo("18.6");
            assertThat(ask(postgres.url(), "SHOW fsync")).isEqualTo("on");
            assertThat(ask(postgres.url(), "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(postgres.url(), "SHOW full_page_writes")).isEqualTo("on");
            assertThat(ask(postgres.url(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void textIsUnicodeAndSortsTheSameOnEveryMachine() {
        try (var postgres = EmbeddedPostgres.start(home.path())) {
            assertThat(ask(postgres.url(), "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(ask(postgres.url(), "SELECT lower('ÄÖ')")).isEqualTo("äö");
            assertThat(ask(postgres.url(), "SELECT 'Z' < 'a' COLLATE \"default\""))
                    .isEqualTo("t");
        }
    }

    @Test
    void nobodyEntersWithoutThePassword() {
        try (var postgres = EmbeddedPostgres.start(home.path())) {
            assertThatThrownBy(() -> TestDatabase.connect(withPassword(postgres.url(), "guessed")))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void onlyTheOwnerReadsThePassword() throws IOException {
        assertThat(permissions(home.data())).isEqualTo("rwx------");
        assertThat(permissions(home.data().resolve("heddle.password"))).isEqualTo("rw-------");
    }

    @Test
    void whatWasWrittenIsThereAfterARestart() {
        try (var postgres = EmbeddedPostgres.start(home.path())) {
            execute(postgres.url(), "CREATE TABLE word AS SELECT 'kept' AS word");
        }

        try (var postgres = EmbeddedPostgres.start(home.path())) {
            assertThat(ask(postgres.url(), "SELECT word FROM word")).isEqualTo("kept");
        }
    }

    @Test
    void aClosedServerIsGoneAndMayBeClosedAgain() throws IOException {
        var postgres = EmbeddedPostgres.start(home.path());
        var server = home.server();

        postgres.close();
        postgres.close();

        assertThat(server.onExit()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(home.pidFile()).doesNotExist();
    }

    @Test
    void aSecondStartIsRefusedByTheProcessThatHasTheDirectory() {
        try (var postgres = EmbeddedPostgres.start(home.path())) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(home.path()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContainingAll(home.path().toString(), myNumber(), "--data-dir");
            assertThat(ask(postgres.url(), "SELECT 'undisturbed'")).isEqualTo("undisturbed");
        }
    }

    @Test
    void aSecondHeddleIsRefusedAlsoAfterASecondStartAndByASymbolicLink() throws IOException {
        var link = Files.createSymbolicLink(temporary.resolve("link"), home.path());
        try (var _ = EmbeddedPostgres.start(home.path())) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(link)).isInstanceOf(StartException.class);

            try (var other = OtherHeddle.start(link, "SELECT 1")) {
                assertThat(other.says()).contains(home.path().toString(), myNumber(), "--data-dir");
            }
        }
    }

    @Test
    void aFirstStartThatWasCutShortIsDoneAgain() throws IOException {
        var half = Files.createDirectory(temporary.resolve("half"));
        Files.createDirectories(half.resolve("postgres/unfinished/bin/postgres"));
        Files.createDirectories(half.resolve("data.unfinished/data/base"));
        Files.writeString(half.resolve("data.unfinished/heddle.password"), "ha");

        try (var postgres = EmbeddedPostgres.start(half)) {
            assertThat(ask(postgres.url(), "SELECT current_database()")).isEqualTo("heddle");
            assertThat(half.resolve("data.unfinished")).doesNotExist();
        }
    }

    @Test
    void theDataOfAnotherMajorVersionIsRefusedAndNotTouched() throws IOException {
        var version = Files.writeString(home.data().resolve("PG_VERSION"), "17\n");

        assertThatThrownBy(() -> EmbeddedPostgres.start(home.path()))
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll(home.data().toString(), "PostgreSQL 17", "PostgreSQL 18");
        assertThat(version).content().isEqualTo("17\n");
    }

    @Test
    void aServerThatDoesNotStartIsRefusedInItsOwnWords() throws IOException {
        Files.delete(home.data().resolve("global/pg_control"));

        assertThatThrownBy(() -> EmbeddedPostgres.start(home.path()))
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll(home.data().toString(), "global/pg_control");
        assertThat(home.path().resolve("postgres.log")).content().contains("global/pg_control");
    }

    private static DatabaseUrl withPassword(DatabaseUrl url, String password) {
        return new DatabaseUrl(
                url.host(), url.port(), url.database(), url.user(), Optional.of(password), url.sslmode());
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static String myNumber() {
        return Long.toString(ProcessHandle.current().pid());
    }
}
