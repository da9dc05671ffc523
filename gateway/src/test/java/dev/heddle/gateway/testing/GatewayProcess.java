package dev.heddle.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.gateway.cli.Heddle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code heddle serve} in a process of its own, which can be killed. */
public final class GatewayProcess implements AutoCloseable {
    private static final String LISTENS = "Heddle listens on ";

    private final Process process;
    private final URI baseUrl;

    private GatewayProcess(Process process) {
        this.process = process;
        this.baseUrl = URI.create(listeningOn(process) + "/v1");
    }

    /** With an embedded database below {@code home}, and further arguments of {@code serve}. */
    public static GatewayProcess start(Path home, List<String> jvmOptions, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Heddle.class.getName(), "serve"));
        command.addAll(List.of("--port", "0", "--data-dir", home.toString()));
        command.addAll(List.of(arguments));
        try {
            return new GatewayProcess(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    public URI baseUrl() {
        return baseUrl;
    }

    public TestClient client() {
        return new TestClient(baseUrl);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** As {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** As {@code kill}: everything is stopped in order. */
    @Override
    public void close() {
        process.destroy();
        awaitExit();
    }

    private void awaitExit() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the gateway does not stop");
            }
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    private static String listeningOn(Process process) {
        try {
            var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(LISTENS)) {
                    // What nobody reads would stop it once the pipe is full.
                    Thread.ofVirtual().start(() -> lines.lines().forEach(System.out::println));
                    return line.substring(LISTENS.length());
                }
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        throw new IllegalStateException("the gateway did not start");
    }
}
