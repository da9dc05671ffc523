package dev.heddle.persistence.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.persistence.embedded.EmbeddedPostgres.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server process and its keeper, a shell that stops it as soon as this process closes a pipe, or is gone. */
final class Server implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final int SECONDS_TO_STOP = 50;
    private static final int ATTEMPTS = 3;

    private final Process keeper;
    private final ServerLog log;
    private final int port;

    private Server(Process keeper, ServerLog log, int port) {
        this.keeper = keeper;
        this.log = log;
        this.port = port;
    }

    /** Starts the server on a free port of its own choice, and waits until it takes connections. */
    static Server start(Path home, Path data, Programs programs) throws IOException {
        // Another program may take the port between our look at it and the server's: so more than one attempt.
        for (var attempt = 1; ; attempt++) {
            var server = launch(home, data, programs);
            if (server.isReady()) {
                return server;
            }
            server.close();
            if (attempt == ATTEMPTS) {
                throw new StartException("PostgreSQL does not start on " + data + ": " + server.log.lastWords());
            }
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        try {
            keeper.getOutputStream().close();
            if (!keeper.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                LOG.warn("PostgreSQL has not stopped in {} s; the next start will see to it", SECONDS_TO_STOP);
            }
        } catch (IOException e) {
            LOG.warn("PostgreSQL could not be told to stop; the next start will see to it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Server launch(Path home, Path data, Programs programs) throws IOException {
        var port = freePort();
        var keeper =
                List.of("sh", "-c", script(), "heddle-postgres", programs.path("pg_ctl"), data.toString(), "" + port);
        var process = programs.prepare(keeper).start();
        return new Server(process, new ServerLog(process.getErrorStream(), home.resolve("postgres.log")), port);
    }

    private static String script() throws IOException {
        try (var resource = Server.class.getResourceAsStream("keeper.sh")) {
            return new String(resource.readAllBytes(), UTF_8);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST))) {
            return socket.getLocalPort();
        }
    }

    private boolean isReady() throws IOException {
        return "ready".equals(keeper.inputReader().readLine());
    }
}
