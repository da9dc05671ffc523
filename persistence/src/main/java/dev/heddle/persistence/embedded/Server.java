package dev.heddle.persistence.embedded;

import dev.heddle.persistence.embedded.EmbeddedPostgres.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server process, kept by a shell that stops it as soon as this process closes its end of a pipe, or is gone. */
final class Server implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final int SECONDS_TO_STOP = 50;
    private static final int ATTEMPTS = 3;

    // The shell outlives what ends this process, and pg_ctl gives the server a session of its own: Ctrl-C in a terminal
    // reaches Heddle alone, which still needs its database for a moment.
    private static final String KEEPER = """
            pg_ctl=$1 data=$2 port=$3
            stop() {
                "$pg_ctl" stop -s -w -D "$data" -m fast -t 30 || "$pg_ctl" stop -s -w -D "$data" -m immediate -t 15
            }
            trap '' HUP INT PIPE TERM
            if "$pg_ctl" start -s -w -D "$data" -o "-p $port" -t 300 >&2; then
                echo ready
                read -r _
            else
                echo failed
            fi
            stop >&2
            """;

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
                List.of("sh", "-c", KEEPER, "heddle-postgres", programs.path("pg_ctl"), data.toString(), "" + port);
        var process = programs.prepare(keeper).start();
        return new Server(process, new ServerLog(process.getErrorStream(), home.resolve("postgres.log")), port);
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
