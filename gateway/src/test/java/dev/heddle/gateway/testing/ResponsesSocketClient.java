package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponseGrammar.Wire;
import dev.heddle.gateway.testing.ResponsesSchemas.Body;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * A WebSocket on which responses are created. Reads a message when it is asked for one, and no further. Every event is held
 * to the grammar of its stream's response, and to both descriptions. The default stream is the empty one. For one thread.
 */
public final class ResponsesSocketClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final SocketInbox inbox = new SocketInbox();
    private final WebSocket socket;
    private final Map<String, ResponseGrammar> grammars = new HashMap<>();
    private final Map<String, Deque<TestEvent>> unread = new HashMap<>();
    private final List<TestEvent> heard = new ArrayList<>();

    private ResponsesSocketClient(URI baseUrl, String authorization) {
        var builder = HTTP.newWebSocketBuilder().connectTimeout(PATIENCE);
        if (!authorization.isEmpty()) {
            builder.header("authorization", authorization);
        }
        var url = URI.create("ws" + baseUrl.toString().substring("http".length()) + "/responses");
        this.socket = builder.buildAsync(url, inbox).join();
    }

    /** {@code baseUrl} is that of a gateway, up to and including {@code /v1}. */
    public static ResponsesSocketClient open(URI baseUrl) {
        return new ResponsesSocketClient(baseUrl, "");
    }

    /** With a key; the cause of the {@link CompletionException} when it is refused is a handshake exception. */
    public static ResponsesSocketClient open(URI baseUrl, String key) {
        return new ResponsesSocketClient(baseUrl, "Bearer " + key);
    }

    /** Asks for a response, with names and values of further members of the request. */
    public void create(String stream, Object input, Object... members) {
        var body = ResponsesClient.asking(input, members);
        body.put("type", "response.create");
        if (!stream.isEmpty()) {
            body.put("stream_id", stream);
        }
        say(body);
    }

    public void say(Map<String, Object> message) {
        say(TestClient.JSON.writeValueAsString(message));
    }

    public void say(String text) {
        socket.sendText(text, true)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Says what may be too much, so that the server may be gone before it is said. */
    public void sayAtLength(String text) {
        socket.sendText(text, true).exceptionally(_ -> socket);
    }

    public void sayBytes(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    /** The next event of this stream; those of others that come before it are kept for whoever asks for them. */
    public TestEvent next(String stream) {
        var kept = unread.computeIfAbsent(stream, _ -> new ArrayDeque<>());
        while (kept.isEmpty()) {
            TestEvent event = next();
            unread.computeIfAbsent(streamOf(event), _ -> new ArrayDeque<>()).addLast(event);
        }
        return kept.removeFirst();
    }

    /** Reads the stream up to and including the next event of this type. */
    public TestEvent until(String stream, String type) {
        while (true) {
            TestEvent event = next(stream);
            if (event.event().equals(type)) {
                return event;
            }
        }
    }

    /** The events of the stream's next response, or those of them that were not read yet. */
    public List<TestEvent> events(String stream) {
        var events = new ArrayList<TestEvent>();
        do {
            events.add(next(stream));
        } while (!ends(events.getLast()));
        return events;
    }

    /** The stream's next response, as its last event shows it. */
    public JsonNode response(String stream) {
        return events(stream).getLast().json().get("response");
    }

    /** Asks for a response and reads it to its end. */
    public JsonNode ask(String stream, Object input, Object... members) {
        create(stream, input, members);
        return response(stream);
    }

    /** What refuses a request of this stream, which must be the next thing that is said there. */
    public JsonNode refusal(String stream) {
        TestEvent event = next(stream);
        assertThat(isRefusal(event)).as(event.data()).isTrue();
        return event.json();
    }

    /** Everything that was heard so far, of all streams, in its order. */
    public List<TestEvent> heard() {
        return List.copyOf(heard);
    }

    /** The code with which the server closes the socket; whatever it says before that is dropped. */
    public int closeCode() {
        while (true) {
            switch (inbox.next(socket, PATIENCE)) {
                case SocketInbox.Text _ -> {}
                case SocketInbox.Closed closed -> {
                    return closed.code();
                }
            }
        }
    }

    /** The stream that an event names, empty for the default one. */
    public static String streamOf(TestEvent event) {
        return event.json().path("stream_id").asString("");
    }

    public static boolean ends(TestEvent event) {
        return switch (event.event()) {
            case "response.completed", "response.incomplete", "response.failed" -> true;
            default -> false;
        };
    }

    /** Cuts the connection off without a word. */
    public void cut() {
        socket.abort();
    }

    /** Says goodbye, and does not wait for an answer. */
    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .exceptionally(_ -> socket)
                .join();
        socket.abort();
    }

    private TestEvent next() {
        return switch (inbox.next(socket, PATIENCE)) {
            case SocketInbox.Text text -> checked(text.text());
            case SocketInbox.Closed closed -> throw new AssertionError("The socket was closed: " + closed);
        };
    }

    private TestEvent checked(String text) {
        JsonNode json = TestClient.JSON.readTree(text);
        var event = new TestEvent("", Violation.text(json, "type"), text);
        heard.add(event);
        if (isRefusal(event)) {
            ResponsesSchemas.check(Body.SOCKET_ERROR, json);
        } else if (!event.event().startsWith("response.steer.")) {
            ResponsesSchemas.checkEvent(json);
            grammar(event).accept(event);
        }
        return event;
    }

    /** A stream whose response has ended may have another one. */
    private ResponseGrammar grammar(TestEvent event) {
        String stream = streamOf(event);
        var grammar = grammars.computeIfAbsent(stream, _ -> new ResponseGrammar(Wire.WEB_SOCKET));
        if (ends(event)) {
            grammars.remove(stream);
        }
        return grammar;
    }

    /** Events of responses are numbered, those named {@code error} too. */
    private static boolean isRefusal(TestEvent event) {
        return event.event().equals("error") && !event.json().has("sequence_number");
    }
}
