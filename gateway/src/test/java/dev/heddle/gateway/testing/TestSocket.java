package dev.heddle.gateway.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client that keeps what it hears until the test asks. Blocks its caller. */
public final class TestSocket implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int PATIENCE_SECONDS = 60;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private TestSocket(URI uri, Map<String, String> headers) {
        var builder = HTTP.newWebSocketBuilder();
        headers.forEach(builder::header);
        this.socket = builder.buildAsync(uri, new Listener()).join();
    }

    /** Opens a path below {@code http://…/v1}. */
    public static TestSocket open(URI baseUrl, String path, Map<String, String> headers) {
        return new TestSocket(URI.create("ws" + baseUrl.toString().substring("http".length()) + path), headers);
    }

    public static TestSocket open(URI baseUrl, String path) {
        return open(baseUrl, path, Map.of());
    }

    public void say(String message) {
        socket.sendText(message, true).join();
    }

    /** The next text that was not asked for yet. */
    public String next() {
        try {
            String text = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (text == null) {
                throw new IllegalStateException("nothing is said; closed with " + closed.getNow(-1));
            }
            return text;
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    /** What was heard and not asked for. */
    public int waiting() {
        return heard.size();
    }

    /** The code with which the server closed it. */
    public int closeCode() {
        return closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Cuts the connection off without a word. */
    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
