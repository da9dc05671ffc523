package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The stream of one response, read as it comes and held to {@link ResponseGrammar} and both descriptions with every event.
 * Closing it before its end closes the connection.
 */
public final class ResponseStream implements Iterator<TestEvent>, AutoCloseable {
    private final Stream<String> lines;
    private final SseFrames frames;
    private final ResponseGrammar grammar = new ResponseGrammar(ResponseGrammar.Wire.SSE);
    private final List<TestEvent> seen = new ArrayList<>();
    private boolean ended;

    private ResponseStream(Stream<String> lines, List<TestEvent> before) {
        this.lines = lines;
        this.frames = new SseFrames(lines.iterator());
        before.forEach(grammar::accept);
    }

    /** What an answer streams behind the events {@code before}, which another stream of that response has shown. */
    static ResponseStream of(HttpResponse<Stream<String>> answer, List<TestEvent> before) {
        var headers = answer.headers();
        assertThat(headers.firstValue("content-type").orElse("")).startsWith("text/event-stream");
        assertThat(headers.firstValue("cache-control").orElse("")).contains("no-cache");
        assertThat(headers.firstValue("content-length")).isEmpty();
        assertThat(headers.firstValue("x-request-id")).isPresent();
        return new ResponseStream(answer.body(), before);
    }

    @Override
    public boolean hasNext() {
        return frames.hasNext();
    }

    @Override
    public TestEvent next() {
        TestEvent event = frames.next();
        grammar.accept(event);
        if (!event.data().equals("[DONE]")) {
            ResponsesSchemas.checkEvent(event.json());
        }
        seen.add(event);
        return event;
    }

    /** Reads up to and including the next event of this type. */
    public TestEvent until(String type) {
        while (true) {
            TestEvent event = next();
            if (event.event().equals(type)) {
                return event;
            }
        }
    }

    /** Reads so many events more. */
    public List<TestEvent> take(int count) {
        var events = new ArrayList<TestEvent>();
        while (events.size() < count) {
            events.add(next());
        }
        return events;
    }

    /** Reads to the end, which must be a proper one: all events this stream has shown, {@code [DONE]} included. */
    public List<TestEvent> all() {
        forEachRemaining(_ -> {});
        close();
        grammar.end();
        ended = true;
        return List.copyOf(seen);
    }

    /** Reads to the end of a response that was cancelled: all events this stream has shown. */
    public List<TestEvent> allOfCancelled() {
        forEachRemaining(_ -> {});
        close();
        grammar.endCancelled();
        return List.copyOf(seen);
    }

    /** The response as the terminal event shows it; reads to the end where that has not come yet. */
    public JsonNode response() {
        if (!ended) {
            all();
        }
        return grammar.response();
    }

    /** The response's id; reads its first event when nothing has been read. */
    public String id() {
        if (grammar.count() == 0) {
            next();
        }
        return TestClient.id(grammar.response());
    }

    @Override
    public void close() {
        lines.close();
    }
}
