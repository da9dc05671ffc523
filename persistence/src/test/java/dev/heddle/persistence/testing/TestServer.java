package dev.heddle.persistence.testing;

import dev.heddle.persistence.DatabaseUrl;
import dev.heddle.persistence.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The server that has the tests' databases.
 *
 * @param outlivesTheTests so that they must tidy up after themselves
 */
record TestServer(DatabaseUrl url, boolean outlivesTheTests) {
    private static final int SECONDS_FOR_DOCKER = 3;

    static TestServer find() {
        return Optional.ofNullable(System.getenv("HEDDLE_TEST_DATABASE_URL"))
                .map(url -> new TestServer(DatabaseUrl.parse(url), true))
                .or(() -> imageInDocker().map(image -> new TestServer(startContainer(image), false)))
                .orElseGet(() -> new TestServer(startEmbedded(), false));
    }

    /** Asked for first, and with the engine's own tool: to pull one that is not there takes minutes to fail. */
    private static Optional<String> imageInDocker() {
        try {
            var docker = new ProcessBuilder(
                            "docker",
                            "image",
                            "ls",
                            "--filter=reference=postgres:18*",
                            "--format={{.Repository}}:{{.Tag}}")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!docker.waitFor(SECONDS_FOR_DOCKER, TimeUnit.SECONDS)) {
                docker.destroyForcibly();
                return Optional.empty();
            }
            return docker.inputReader().lines().sorted().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("resource") // For all tests; the hook closes it.
    private static DatabaseUrl startContainer(String image) {
        var container = new PostgreSQLContainer(DockerImageName.parse(image));
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return new DatabaseUrl(
                container.getHost(),
                container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                container.getDatabaseName(),
                container.getUsername(),
                Optional.of(container.getPassword()),
                Optional.of("disable"));
    }

    private static DatabaseUrl startEmbedded() {
        try {
            var home = Files.createTempDirectory("heddle-test-");
            var server = EmbeddedPostgres.start(home);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, home)));
            // Its data need not outlive even the tests.
            TestDatabase.execute(server.url(), "ALTER SYSTEM SET fsync = off");
            TestDatabase.execute(server.url(), "SELECT pg_reload_conf()");
            return server.url();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(EmbeddedPostgres server, Path home) {
        server.close();
        try (var paths = Files.walk(home)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
