package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher {@code heddle}: builds, makes the JVM's cache, and starts, with the cache or without it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LauncherIT {
    /** Shared, so that one cache is made. */
    @TempDir
    private static Path directory;

    private static Checkout checkout = new Checkout(Path.of(""));
    private static Checkout.Ended built = new Checkout.Ended(1, "", "");

    @TempDir
    private Path other;

    @BeforeAll
    static void build() throws Exception {
        checkout = Checkout.in(Files.createDirectory(directory.resolve("a checkout")));
        built = checkout.heddle(Map.of(), "version");
    }

    @Test
    void aBuildMakesACacheAndLeavesNothingElse() throws Exception {
        assertThat(built.exit()).as(built.error()).isZero();
        assertThat(built.out()).matches("heddle .*\\R");
        assertThat(built.error()).contains("building the program").contains("preparing faster starts");
        assertThat(checkout.cache()).isNotEmptyFile();
        assertThat(checkout.directory().resolve(".heddle-build.lock")).doesNotExist();
    }

    @Test
    void aStartReadsTheCacheAndSaysNothingOfIt() throws Exception {
        assertThat(classesFromTheCache(checkout)).isPositive();

        var ended = checkout.heddle(Map.of(), "version");

        assertThat(ended).isEqualTo(new Checkout.Ended(0, built.out(), ""));
    }

    @Test
    void aCheckoutThatWasMovedStartsWithoutTheCacheOfItsOldPlace() throws Exception {
        var before = checkout.directory();
        var moved = new Checkout(Files.move(before, directory.resolve("elsewhere")));
        var cache = moved.cache();
        try {
            var first = moved.heddle(Map.of(), "version");
            var second = moved.heddle(Map.of(), "version");

            assertThat(first.exit()).as(first.error()).isZero();
            assertThat(first.error()).contains("preparing faster starts").doesNotContain("building");
            assertThat(second).isEqualTo(new Checkout.Ended(0, built.out(), ""));
        } finally {
            moved.removeCachesBut(cache);
            Files.move(moved.directory(), before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5_000, 40_000_000})
    void aDamagedCacheIsPassedOverInSilence(int damagedFrom) throws Exception {
        var cache = checkout.cache();
        var whole = Files.readAllBytes(cache);
        try {
            var damaged = whole.clone();
            for (int i = damagedFrom; i < damagedFrom + 4_000; i++) {
                damaged[i] ^= 0x5a;
            }
            Files.write(cache, damaged);

            var ended = checkout.heddle(Map.of(), "version");

            assertThat(ended).isEqualTo(new Checkout.Ended(0, built.out(), ""));
        } finally {
            Files.write(cache, whole);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-XX:+UseZGC", "-XX:-UseCompactObjectHeaders", "--add-opens=java.base/java.lang=ALL-UNNAMED"})
    void aCacheThatDoesNotFitTheOptionsIsPassedOverInSilence(String option) throws Exception {
        var ended = checkout.heddle(Map.of("HEDDLE_JAVA_OPTS", option), "version");

        assertThat(ended).isEqualTo(new Checkout.Ended(0, built.out(), ""));
    }

    @Test
    void withoutACacheItStartsAndDoesNotTryAgain() throws Exception {
        var fresh = Checkout.in(other);
        var environment = Map.of("JAVA_HOME", fresh.jdkWithoutCaches().toString());

        var first = fresh.heddle(environment, "version");
        var second = fresh.heddle(environment, "version");

        assertThat(first.exit()).as(first.error()).isZero();
        assertThat(first.error()).contains("starts stay slower");
        assertThat(other.resolve("gateway/target/launcher/training.log")).hasContent("no cache today");
        assertThat(second).isEqualTo(new Checkout.Ended(0, built.out(), ""));
    }

    @Test
    void aNewBuildLeavesTheOneBeforeItAndRemovesOlderOnes() throws Exception {
        var fresh = Checkout.in(other);
        var environment = Map.of("JAVA_HOME", fresh.jdkWithoutCaches().toString());
        fresh.heddle(environment, "version");
        var first = fresh.builds().getFirst();
        edit();
        fresh.heddle(environment, "version");
        assertThat(fresh.builds()).hasSize(2).contains(first);
        edit();

        fresh.heddle(environment, "version");

        assertThat(fresh.builds()).hasSize(2).doesNotContain(first);
    }

    /** A source that is newer than any build, until the next one. */
    private void edit() throws Exception {
        Files.setLastModifiedTime(
                other.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
    }

    private static long classesFromTheCache(Checkout checkout) throws Exception {
        var loaded = directory.resolve("loaded");
        var ended = checkout.heddle(Map.of("HEDDLE_JAVA_OPTS", "-Xlog:class+load:file=" + loaded), "version");
        assertThat(ended.exit()).as(ended.error()).isZero();
        try (var lines = Files.lines(loaded)) {
            return lines.filter(line -> line.contains(" dev.heddle.") && line.contains("shared objects file"))
                    .count();
        }
    }
}
