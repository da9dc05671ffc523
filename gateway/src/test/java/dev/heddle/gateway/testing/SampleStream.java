package dev.heddle.gateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A stream that has everything ({@code response.sse}), to be changed in one way or another. */
final class SampleStream {
    private final List<ObjectNode> events = new ArrayList<>();

    private SampleStream() {}

    static SampleStream whole() {
        var stream = new SampleStream();
        new SseFrames(text().lines().iterator()).forEachRemaining(frame -> stream.keep(frame.data()));
        return stream;
    }

    static String text() {
        try (InputStream file = SampleStream.class.getResourceAsStream("response.sse")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void keep(String data) {
        if (!data.equals("[DONE]")) {
            events.add((ObjectNode) TestClient.JSON.readTree(data));
        }
    }

    ObjectNode event(int number) {
        return events.get(number);
    }

    int size() {
        return events.size();
    }

    /** The member at the end of the path, such as {@code /response/usage}, has this value in event {@code number}. */
    SampleStream set(int number, String path, Object value) {
        int end = path.lastIndexOf('/');
        var parent = (ObjectNode) event(number).at(path.substring(0, end));
        parent.set(path.substring(end + 1), TestClient.JSON.valueToTree(value));
        return this;
    }

    SampleStream remove(int number, String path) {
        int end = path.lastIndexOf('/');
        ((ObjectNode) event(number).at(path.substring(0, end))).remove(path.substring(end + 1));
        return this;
    }

    /** Without the events from one number up to, and not including, another; the others are numbered anew. */
    SampleStream drop(int from, int to) {
        events.subList(from, to).clear();
        return numbered();
    }

    /** An event once more, at another place. */
    SampleStream repeat(int number, int place) {
        events.add(place, event(number).deepCopy());
        return numbered();
    }

    SampleStream add(int place, String json) {
        events.add(place, (ObjectNode) TestClient.JSON.readTree(json));
        return numbered();
    }

    SampleStream move(int number, int place) {
        events.add(place, events.remove(number));
        return numbered();
    }

    /** Every snapshot changes. */
    SampleStream everywhere(Consumer<ObjectNode> change) {
        events.stream()
                .map(event -> event.path("response"))
                .filter(JsonNode::isObject)
                .forEach(response -> change.accept((ObjectNode) response));
        return this;
    }

    private SampleStream numbered() {
        for (int i = 0; i < events.size(); i++) {
            events.get(i).put("sequence_number", i);
        }
        return this;
    }

    /** Without the end of the stream. */
    List<TestEvent> events() {
        return events.stream()
                .map(event -> new TestEvent("", event.get("type").stringValue(), event.toString()))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** With {@code [DONE]}. */
    List<TestEvent> sse() {
        return Stream.concat(events().stream(), Stream.of(new TestEvent("", "", "[DONE]")))
                .toList();
    }
}
