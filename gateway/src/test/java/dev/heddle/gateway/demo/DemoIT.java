package dev.heddle.gateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program {@code heddle demo} in a JVM of its own, as a newcomer starts it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DemoIT {
    /** Shared, so that its database is made once. */
    @TempDir
    private static Path home;

    @Test
    void showsThreeRunsACutAndTheTranscriptAndProvesAllOfIt() throws Exception {
        var demo = heddle(Map.of(), "demo");

        assertThat(demo.exit).as(demo.output).isZero();
        assertThat(demo.output)
                .contains("What is stored, in the order of the turns")
                .contains("You asked: “What makes bread rise?”.")
                .containsPattern("The demo closes this connection behind event \\d+")
                .containsPattern("A new connection asks for the rest, with Last-Event-ID: \\d+")
                .doesNotContain("FAILED")
                .doesNotContain("\u001b");
        assertThat(demo.output.lines().filter(line -> line.startsWith("  ok "))).hasSize(6);
        assertThat(demo.output.lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void aSecondDemoBesideTheFirstWorksInADirectoryOfItsOwn() throws Exception {
        try (var otherDemo = Another.in(home.resolve("demo"))) {
            var demo = heddle(Map.of(), "demo");

            assertThat(otherDemo.lock.isOpen()).isTrue();
            assertThat(demo.exit).as(demo.output).isZero();
            assertThat(demo.output).contains("another demo is there");
            assertThat(temporaryDirectory(demo.output)).doesNotExist();
        }
    }

    @Test
    void aModelThatRefusesEndsTheDemoWithItsReason() throws Exception {
        var upstream = upstream("{\"error\": {\"message\": \"Your credit is used up.\"}}", 402);

        var demo = heddle(Map.of("OPENAI_BASE_URL", upstream), "demo", "--model", "expensive");

        assertThat(demo.exit).as(demo.output).isEqualTo(1);
        assertThat(demo.output)
                .contains("heddle: No answer for Ada, Ben, Chloe: ")
                .contains("Your credit is used up.");
    }

    @Test
    void amongSeveralModelsTheDemoChoosesNone() throws Exception {
        var upstream = upstream("{\"data\": [{\"id\": \"small\"}, {\"id\": \"large\"}]}", 200);

        var demo = heddle(Map.of("OPENAI_BASE_URL", upstream), "demo");

        assertThat(demo.exit).as(demo.output).isEqualTo(1);
        assertThat(demo.output).contains("has 2 models (small, large).").contains("--model NAME");
    }

    @Test
    void aModelWithoutAServerIsRefusedAtOnce() throws Exception {
        var demo = heddle(Map.of(), "demo", "--model", "large");

        assertThat(demo.exit).as(demo.output).isEqualTo(1);
        assertThat(demo.output).startsWith("heddle: The model large needs a model server");
    }

    private static Ended heddle(Map<String, String> environment, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.heddle.gateway.cli.Heddle"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("OPENAI_") || name.startsWith("HEDDLE_"));
        builder.environment().put("HEDDLE_HOME", home.toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Ended(process.waitFor(), output);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Path temporaryDirectory(String output) {
        return output.lines()
                .filter(line -> line.contains("heddle-demo-"))
                .map(line -> Path.of(line.replaceFirst(".* in (\\S+) .*", "$1")))
                .findFirst()
                .orElseThrow();
    }

    /** Answers everything with the same. */
    private static String upstream(String body, int status) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.getBytes(UTF_8).length);
            exchange.getResponseBody().write(body.getBytes(UTF_8));
            exchange.close();
        });
        server.start();
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private record Ended(int exit, String output) {}

    /** Holds a directory as another Heddle would. */
    private record Another(FileChannel lock) implements AutoCloseable {
        static Another in(Path directory) throws IOException {
            Files.createDirectories(directory);
            var lock = FileChannel.open(
                    directory.resolve("heddle.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock.lock();
            return new Another(lock);
        }

        @Override
        public void close() throws IOException {
            lock.close();
        }
    }
}
