package dev.heddle.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The launcher {@code heddle} in a directory that looks like a checkout. What it takes for Maven builds nothing: it brings
 * the program of this build.
 */
public record Checkout(Path directory) {
    private static final List<String> SOURCES =
            List.of("streaming/src/main", "persistence/src/main", "gateway/src/main", "gateway/target", "tools");
    private static final List<String> POMS =
            List.of("pom.xml", "streaming/pom.xml", "persistence/pom.xml", "gateway/pom.xml");

    public static Checkout in(Path directory) throws IOException {
        for (var source : SOURCES) {
            Files.createDirectories(directory.resolve(source));
        }
        for (var pom : POMS) {
            Files.createFile(directory.resolve(pom));
        }
        executable(directory.resolve("heddle"), Files.readString(Path.of("../heddle")));
        var program = Path.of("target/heddle-exec.jar").toAbsolutePath();
        executable(directory.resolve("tools/mvn"), """
                #!/bin/sh
                cp '%s' gateway/target/ && echo '[INFO] BUILD SUCCESS'
                """.formatted(program));
        return new Checkout(directory);
    }

    /** A JDK whose JVM fails when it is to make a cache, in a directory of its own. */
    public Path jdkWithoutCaches() throws IOException {
        var jdk = directory.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.copy(java().resolve("release"), jdk.resolve("release"));
        executable(jdk.resolve("bin/javac"), "");
        executable(jdk.resolve("bin/java"), """
                #!/bin/sh
                case "$*" in *AOTCacheOutput*) echo 'no cache today' && exit 1 ;; esac
                exec '%s/bin/java' "$@"
                """.formatted(java()));
        return jdk;
    }

    /** Calls the launcher and waits for its end. */
    public Ended heddle(Map<String, String> environment, String... arguments) throws Exception {
        var out = Files.createTempFile("heddle-out", "");
        var error = Files.createTempFile("heddle-error", "");
        var builder = new ProcessBuilder(
                        Stream.concat(Stream.of(directory.resolve("heddle").toString()), Stream.of(arguments))
                                .toList())
                .redirectOutput(out.toFile())
                .redirectError(error.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HEDDLE_") || name.startsWith("OPENAI_"));
        builder.environment().put("JAVA_HOME", java().toString());
        builder.environment().merge("PATH", directory.resolve("tools").toString(), (path, tools) -> tools + ":" + path);
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            process.waitFor(4, TimeUnit.MINUTES);
            return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(error, UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(error);
        }
    }

    /** The directories of the builds that are there. */
    public List<Path> builds() throws IOException {
        try (var files = Files.list(directory.resolve("gateway/target/launcher"))) {
            return files.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** The only cache of the only build. */
    public Path cache() throws IOException {
        return caches().getFirst();
    }

    public void removeCachesBut(Path kept) throws IOException {
        for (var cache : caches()) {
            if (!cache.equals(kept)) {
                Files.delete(cache);
            }
        }
    }

    private List<Path> caches() throws IOException {
        try (var files = Files.list(builds().getFirst())) {
            return files.filter(file -> file.toString().endsWith(".aot")).toList();
        }
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"));
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** How a call ended, and what it said. */
    public record Ended(int exit, String out, String error) {}
}
