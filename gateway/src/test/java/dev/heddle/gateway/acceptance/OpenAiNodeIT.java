package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The official openai SDKs for Node, unmodified, as users of the gateway: every scenario of {@code src/test/node}. */
class OpenAiNodeIT {
    private static final Path SCENARIOS = Path.of("src/test/node");
    private static final int PATIENCE_MINUTES = 5;

    private static TestGateway gateway;
    private static TestGateway strictGateway;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        strictGateway = TestGateway.start(Map.of("heddle.compat", "strict"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        strictGateway.close();
    }

    @TestFactory
    List<DynamicTest> theNewestSdkIsServed() throws Exception {
        return scenariosWith("openai");
    }

    @TestFactory
    List<DynamicTest> theSdkOfTheFourthGenerationIsServed() throws Exception {
        return scenariosWith("openai4");
    }

    /** All of them are played here, by one Node process; the tests only tell how they went. */
    private List<DynamicTest> scenariosWith(String sdk) throws IOException, InterruptedException {
        Path results = directory.resolve(sdk);
        int exitCode = play(sdk, results);
        var tests = Files.readAllLines(results).stream()
                .map(TestClient.JSON::readTree)
                .map(result -> scenario(sdk, result))
                .toList();
        assertThat(tests).as("scenarios, node having exited with %d", exitCode).isNotEmpty();
        return tests;
    }

    private static DynamicTest scenario(String sdk, JsonNode result) {
        String name = result.get("name").stringValue();
        return DynamicTest.dynamicTest(
                name,
                () -> assertThat(result.get("error").stringValue())
                        .as("%s: %s", sdk, name)
                        .isEmpty());
    }

    private static int play(String sdk, Path results) throws IOException, InterruptedException {
        var process = node(sdk, results).start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("The scenarios did not end: " + Files.readString(results));
        }
        return process.exitValue();
    }

    private static ProcessBuilder node(String sdk, Path results) {
        var node = new ProcessBuilder("node", "--test", "--test-concurrency=1", "--test-reporter=./reporter.js")
                .directory(SCENARIOS.toFile())
                .redirectOutput(results.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        node.environment()
                .putAll(Map.of(
                        "OPENAI_PACKAGE", sdk,
                        "HEDDLE_URL", gateway.baseUrl().toString(),
                        "HEDDLE_STRICT_URL", strictGateway.baseUrl().toString(),
                        "MODEL_URL", gateway.model().baseUrl().resolve("/").toString()));
        return node;
    }
}
