package dev.heddle.persistence.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.persistence.DatabaseUrl;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A way into a database that notes everything it is asked, as the driver says it on the wire (PostgreSQL documentation,
 * "Message Formats"): nothing that is tested knows of it.
 */
public final class TappedDatabase implements AutoCloseable {
    private final DatabaseUrl database;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Queue<Transaction> transactions = new ConcurrentLinkedQueue<>();

    /** The texts of the statements that were committed together, or rolled back, without {@code BEGIN} and {@code COMMIT}. */
    public record Transaction(List<String> statements) {
        public Transaction {
            statements = List.copyOf(statements);
        }

        /** Whether one of its statements has this in its text. */
        public boolean says(String words) {
            return statements.stream().anyMatch(statement -> statement.contains(words));
        }
    }

    /** Of a database that can be entered without encryption. */
    public TappedDatabase(DatabaseUrl database) {
        this.database = database;
        try {
            this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** The database as it is reached over this line. */
    public DatabaseUrl url() {
        return new DatabaseUrl(
                door.getInetAddress().getHostAddress(),
                door.getLocalPort(),
                database.database(),
                database.user(),
                database.password(),
                Optional.of("disable"));
    }

    /** What has been asked since the start, or since it was forgotten: whole transactions, in the order of their ends. */
    public List<Transaction> transactions() {
        return List.copyOf(transactions);
    }

    public void forget() {
        transactions.clear();
    }

    @Override
    public void close() {
        close(door);
        sockets.forEach(TappedDatabase::close);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var driver = opened(door.accept());
                var server = opened(new Socket(database.host(), database.port()));
                Thread.startVirtualThread(() -> answer(server, driver));
                Thread.startVirtualThread(() -> ask(driver, server));
            } catch (IOException e) {
                return; // Closed: the test is over.
            }
        }
    }

    private Socket opened(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private static void answer(Socket server, Socket driver) {
        try (server;
                driver) {
            server.getInputStream().transferTo(driver.getOutputStream());
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    private void ask(Socket driver, Socket server) {
        try (driver;
                server) {
            var from = new DataInputStream(driver.getInputStream());
            var to = new DataOutputStream(server.getOutputStream());
            to.write(body(from)); // The startup message has no type.
            for (var listener = new Listener(); ; ) {
                byte type = from.readByte();
                byte[] body = body(from);
                listener.hear((char) type, ByteBuffer.wrap(body).position(Integer.BYTES));
                to.write(
                        ByteBuffer.allocate(1 + body.length).put(type).put(body).array());
            }
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    /** The length, which counts itself, and what follows it. */
    private static byte[] body(DataInputStream from) throws IOException {
        int length = from.readInt();
        var body = ByteBuffer.allocate(length).putInt(length);
        from.readFully(body.array(), Integer.BYTES, length - Integer.BYTES);
        return body.array();
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Follows what one connection of the driver says. */
    private final class Listener {
        private final Map<String, String> prepared = new HashMap<>();
        private final List<String> open = new ArrayList<>();
        private boolean inTransaction;

        void hear(char type, ByteBuffer message) {
            switch (type) {
                case 'P' -> prepared.put(string(message), string(message));
                case 'B' -> {
                    string(message); // The portal.
                    executed(prepared.get(string(message)));
                }
                case 'Q' -> executed(string(message));
                default -> {}
            }
        }

        private void executed(String statement) {
            switch (statement) {
                case "BEGIN" -> inTransaction = true;
                case "COMMIT", "ROLLBACK" -> {
                    inTransaction = false;
                    ended();
                }
                default -> {
                    open.add(statement);
                    if (!inTransaction) {
                        ended();
                    }
                }
            }
        }

        private void ended() {
            transactions.add(new Transaction(open));
            open.clear();
        }

        private static String string(ByteBuffer message) {
            int start = message.position();
            while (message.get() != 0) {}
            var bytes = new byte[message.position() - 1 - start];
            message.get(start, bytes);
            return new String(bytes, UTF_8);
        }
    }
}
