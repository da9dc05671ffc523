package dev.heddle.bench.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, which says in a line that it is ready, with its port behind the last colon. */
public final class Child implements Measured, AutoCloseable {
    private static final Pattern READY = Pattern.compile(".*:(\\d+)\\D*$");
    private static final int SECONDS_TO_STOP = 20;

    private final Process process;
    private final int port;

    private Child(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a class of the bench, with the flags that the gateway's launcher gives. */
    public static Child ofClass(Class<?> main, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return start(command, Map.of());
    }

    /** Starts a program; what it says goes to our standard error until it is ready, and its errors always. */
    public static Child start(List<String> command, Map<String, String> environment) {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // For Ctrl-C; a dead one does not mind.
            return new Child(process, readyPort(process, command));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public long maxOpenFiles() {
        return Proc.maxOpenFiles(process.pid());
    }

    @Override
    public Usage usage() {
        return Proc.usage(process.pid());
    }

    /** Ends it the hard way after a while. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int readyPort(Process process, List<String> command) throws IOException {
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                drain(output);
                return Integer.parseInt(ready.group(1));
            }
        }
        throw new IllegalStateException(command.getFirst() + " did not start");
    }

    /** A process whose output nobody reads stops when the pipe is full. */
    private static void drain(BufferedReader output) {
        Thread.ofVirtual().start(() -> {
            try {
                var _ = output.transferTo(Writer.nullWriter());
            } catch (IOException e) {
                // It was ended: there is no more.
            }
        });
    }
}
