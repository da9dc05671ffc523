package dev.heddle.gateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The operations of the gateway that the demo uses. There is no other way from here into it than HTTP. Blocks. */
final class Api implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // A stream has a connection of its own, which closing it closes.
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    private final URI server;

    Api(URI server) {
        this.server = server;
    }

    /** Answers the new assistant's id. */
    String createAssistant(String model, String instructions) {
        return id(post("/v1/assistants", Map.of("model", model, "instructions", instructions)));
    }

    /** Answers the new thread's id. */
    String createThread() {
        return id(post("/v1/threads", Map.of()));
    }

    /** Sends a question and starts the run that answers it, in one request; the stream is the run's. */
    SseStream run(String thread, String assistant, String question) {
        var body = Map.of(
                "assistant_id",
                assistant,
                "stream",
                true,
                "additional_messages",
                List.of(Map.of("role", "user", "content", question)));
        return new SseStream(post("/v1/threads/" + thread + "/runs", body));
    }

    /** The stream of a whole thread, from its start or behind the event that was seen last. */
    SseStream events(String thread, String order, Optional<String> lastEventId) {
        var request = request("/v1/threads/" + thread + "/events?order=" + order);
        lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
        return new SseStream(send(request.build()));
    }

    List<Message> messages(String thread) {
        var page = send(request("/v1/threads/" + thread + "/messages?order=asc&limit=100")
                .build());
        return StreamSupport.stream(json(read(page)).path("data").spliterator(), false)
                .map(Message::of)
                .toList();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new DemoFailed("The answer is no JSON: " + text);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private InputStream post(String path, Map<String, Object> body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path));
    }

    private InputStream send(HttpRequest request) {
        try {
            var response = http.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw refused(request, response.statusCode(), read(response.body()));
            }
            return response.body();
        } catch (IOException e) {
            throw new DemoFailed(name(request) + " got no answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailed(name(request) + " was interrupted.");
        }
    }

    private static DemoFailed refused(HttpRequest request, int status, String body) {
        return new DemoFailed(name(request) + " was answered with " + status + ": "
                + json(body).path("error").path("message").stringValue(body));
    }

    private static String name(HttpRequest request) {
        return request.method() + " " + request.uri().getPath();
    }

    private static String id(InputStream body) {
        return json(read(body)).path("id").stringValue("");
    }

    private static String read(InputStream body) {
        try (body) {
            return new String(body.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new DemoFailed("The connection to the gateway broke: " + e.getMessage());
        }
    }
}
