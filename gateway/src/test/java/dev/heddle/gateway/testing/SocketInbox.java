package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is heard on a WebSocket: whole texts, each when it is asked for, and its end. */
final class SocketInbox implements WebSocket.Listener {
    /** The code of sockets that end without one. */
    private static final int ABNORMAL = 1006;

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final StringBuilder begun = new StringBuilder();

    sealed interface Heard {}

    record Text(String text) implements Heard {}

    record Closed(int code, String reason) implements Heard {}

    /** Reads on until there is something. */
    Heard next(WebSocket socket, Duration patience) {
        socket.request(1);
        try {
            var next = heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(next).as("what the server says").isNotNull();
            return next;
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    @Override
    public void onOpen(WebSocket socket) {
        // Asks for nothing yet.
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
        begun.append(part);
        if (last) {
            heard.add(new Text(begun.toString()));
            begun.setLength(0);
        } else {
            socket.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, java.nio.ByteBuffer message) {
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        heard.add(new Closed(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        heard.add(new Closed(ABNORMAL, error.toString()));
    }
}
