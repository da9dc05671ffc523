package dev.heddle.persistence.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.heddle.persistence.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A line between the driver and the server that breaks at a chosen word of the driver: just before the server hears it,
 * or when the server has obeyed and its answer is on the way.
 */
final class CutLine implements AutoCloseable {
    enum Moment {
        BEFORE,
        AFTER
    }

    private static final byte[] READY_FOR_QUERY = {'Z', 0, 0, 0, 5};

    private final ServerSocket door;
    private final AtomicReference<DatabaseUrl> server;
    private final AtomicReference<Cut> next = new AtomicReference<>();
    private final AtomicInteger cuts = new AtomicInteger();
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final Semaphore hungUp = new Semaphore(0);

    private record Cut(Moment moment, String word) {}

    CutLine(DatabaseUrl server) {
        this.server = new AtomicReference<>(server);
        try {
            this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** The server as it is reached over this line. */
    DatabaseUrl url() {
        DatabaseUrl to = server.get();
        return new DatabaseUrl(
                door.getInetAddress().getHostAddress(),
                door.getLocalPort(),
                to.database(),
                to.user(),
                to.password(),
                to.sslmode());
    }

    /** Breaks once, when the driver says this word next; a character stands for a byte. */
    void cut(Moment moment, String word) {
        next.set(new Cut(moment, word));
    }

    /** How often it was cut. */
    int cuts() {
        return cuts.get();
    }

    /** Waits until the driver has noticed that every connection is gone. */
    void awaitHungUp() throws InterruptedException {
        while (!lines.isEmpty()) {
            if (!hungUp.tryAcquire(TestPostgres.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(lines.size() + " connections are still there");
            }
        }
    }

    /** From now on leads to another server. */
    void leadsTo(DatabaseUrl other) {
        server.set(other);
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines.forEach(Line::close);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var line = new Line(door.accept());
                lines.add(line);
                Thread.startVirtualThread(line::open);
            } catch (IOException e) {
                return; // Closed: the test is over.
            }
        }
    }

    /** One connection of the driver. */
    private final class Line implements AutoCloseable {
        private final Socket driver;
        private final Socket server = new Socket();
        private volatile boolean answerIsLost;

        Line(Socket driver) {
            this.driver = driver;
        }

        void open() {
            try {
                DatabaseUrl to = CutLine.this.server.get();
                server.connect(new InetSocketAddress(to.host(), to.port()));
                driver.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Thread.startVirtualThread(this::answer);
                ask();
            } catch (IOException e) {
                close(); // One of the two has gone.
            }
        }

        private void ask() throws IOException {
            var buffer = new byte[1 << 16];
            for (int length; (length = driver.getInputStream().read(buffer)) > 0; ) {
                Cut cut = next.get();
                if (cut != null
                        && contains(buffer, length, cut.word().getBytes(ISO_8859_1))
                        && next.compareAndSet(cut, null)) {
                    cuts.incrementAndGet();
                    if (cut.moment() == Moment.BEFORE) {
                        break;
                    }
                    answerIsLost = true;
                }
                server.getOutputStream().write(buffer, 0, length);
            }
            close();
        }

        private void answer() {
            var buffer = new byte[1 << 16];
            try {
                for (int length; (length = server.getInputStream().read(buffer)) > 0; ) {
                    if (!answerIsLost) {
                        driver.getOutputStream().write(buffer, 0, length);
                    } else if (contains(buffer, length, READY_FOR_QUERY)) {
                        break; // Now it is done, and nobody knows.
                    }
                }
                driver.shutdownOutput(); // The driver hangs up, too, once it has noticed.
            } catch (IOException e) {
                close(); // One of the two has gone.
            }
        }

        @Override
        public void close() {
            lines.remove(this);
            hungUp.release();
            try {
                driver.close();
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static boolean contains(byte[] buffer, int length, byte[] word) {
        for (int from = 0; from + word.length <= length; from++) {
            if (Arrays.equals(buffer, from, from + word.length, word, 0, word.length)) {
                return true;
            }
        }
        return false;
    }
}
