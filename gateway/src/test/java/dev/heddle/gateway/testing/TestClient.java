package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain HTTP client of a gateway: JSON in and out, and event streams as they are on the wire. Blocks its caller. */
public final class TestClient {
    public static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI baseUrl;

    public TestClient(URI baseUrl) {
        this.baseUrl = baseUrl;
    }

    public JsonNode post(String path, Object body) {
        return ok(send(request(path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))));
    }

    public JsonNode get(String path) {
        return ok(send(request(path).GET()));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path))
                .header("content-type", "application/json")
                .timeout(PATIENCE);
    }

    /** The events of a stream as they come; closing it closes the connection. */
    public Stream<TestEvent> events(String path) {
        return events(request(path).GET());
    }

    /** The events that a request to create something streams. */
    public Stream<TestEvent> events(String path, Object body) {
        return events(request(path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    public Stream<TestEvent> events(HttpRequest.Builder request) {
        return TestEvent.read(open(request).body());
    }

    /** The lines of a stream as they come, comments among them; closing them closes the connection. */
    public Stream<String> lines(String path) {
        return open(request(path).GET()).body();
    }

    /** An answer whose lines are read as they come; closing them closes the connection. */
    public HttpResponse<Stream<String>> open(HttpRequest.Builder request) {
        try {
            var response = http.send(request.build(), BodyHandlers.ofLines());
            assertThat(response.statusCode()).isEqualTo(200);
            return response;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    /** Every object of a list, page by page. */
    public List<JsonNode> list(String path, int limit) {
        var all = new ArrayList<JsonNode>();
        String after = "";
        while (true) {
            var page = get(path + "?order=asc&limit=" + limit + after);
            page.get("data").forEach(all::add);
            if (!page.get("has_more").booleanValue()) {
                return all;
            }
            after = "&after=" + page.get("last_id").stringValue();
        }
    }

    /** Follows a run to the end of its stream: the name of the event in front of {@code done}. */
    public String endOf(String thread, String run) {
        try (var events = events("/threads/" + thread + "/runs/" + run + "/events")) {
            var all = events.toList();
            return all.get(all.size() - 2).event();
        }
    }

    public String newAssistant() {
        return id(post("/assistants", Map.of("model", "scripted")));
    }

    public String newThread() {
        return id(post("/threads", Map.of()));
    }

    /** The body of a run that brings its question. */
    public static Map<String, Object> asking(String assistant, String question) {
        return Map.of(
                "assistant_id", assistant, "additional_messages", List.of(Map.of("role", "user", "content", question)));
    }

    public static String id(JsonNode object) {
        return object.get("id").stringValue();
    }

    /** The text of a message's first part. */
    public static String text(JsonNode message) {
        return message.at("/content/0/text/value").asString("");
    }

    private static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
