package dev.heddle.gateway.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** A real nginx in front of a gateway, set up by the file that we hand out. */
public final class Nginx implements AutoCloseable {
    private static final Path CONFIGURATION = Path.of("deploy/proxies/nginx/heddle.conf");

    private final Process process;
    private final Path directory;
    private final int port;

    private Nginx(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** Whether there is one to start. */
    public static boolean isThere() {
        return program().isPresent();
    }

    /** Passes everything on to the gateway, and gives up on it when it is silent for so long. */
    public static Nginx start(Path directory, URI gateway, String readTimeout) {
        try {
            int port = freePort();
            Files.createDirectories(directory.resolve("logs"));
            Files.writeString(
                    directory.resolve("heddle.conf"),
                    Files.readString(root().resolve(CONFIGURATION))
                            .replace("listen 80;", "listen 127.0.0.1:" + port + ";")
                            .replace("127.0.0.1:8080", "127.0.0.1:" + gateway.getPort())
                            .replace("proxy_read_timeout 60s;", "proxy_read_timeout " + readTimeout + ";"));
            Files.writeString(directory.resolve("nginx.conf"), """
                    pid nginx.pid;
                    daemon off;
                    worker_processes 1;
                    events {}
                    http {
                        client_body_temp_path body;
                        proxy_temp_path proxy;
                        fastcgi_temp_path fastcgi;
                        uwsgi_temp_path uwsgi;
                        scgi_temp_path scgi;
                        include heddle.conf;
                    }
                    """);
            var process = new ProcessBuilder(
                            program().orElseThrow().toString(),
                            "-e",
                            "stderr",
                            "-p",
                            directory.toString(),
                            "-c",
                            directory.resolve("nginx.conf").toString())
                    .inheritIO()
                    .start();
            return new Nginx(process, directory, port).awaitListening();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Up to and including {@code /v1}. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + port + "/v1");
    }

    /** What it has noted of requests that are over. */
    public String accessLog() throws IOException {
        return Files.readString(directory.resolve("logs/heddle.log"));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    private Nginx awaitListening() {
        Flux.interval(Duration.ofMillis(20), Schedulers.boundedElastic())
                .filter(_ -> isListening())
                .doOnError(_ -> close())
                .blockFirst(Duration.ofSeconds(20));
        return this;
    }

    private boolean isListening() {
        if (!process.isAlive()) {
            throw new IllegalStateException("nginx did not start");
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Debian keeps it where only root's PATH leads. */
    private static Optional<Path> program() {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator);
        return Stream.concat(Arrays.stream(path), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path root() {
        var directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve(CONFIGURATION))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
