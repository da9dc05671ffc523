package dev.heddle.gateway.testing;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One server-sent event as it came over the wire. */
public record TestEvent(String id, String event, String data) {
    public JsonNode json() {
        return TestClient.JSON.readTree(data);
    }

    /** Whether it is the last event of a run in a thread's stream. */
    public boolean endsRun() {
        return switch (event) {
            case "run.completed", "run.incomplete", "run.failed", "run.cancelled", "run.expired" -> true;
            default -> false;
        };
    }

    /** Lines as events; comments are left out. */
    static Stream<TestEvent> read(Stream<String> lines) {
        var events = Spliterators.spliteratorUnknownSize(new Frames(lines.iterator()), Spliterator.ORDERED);
        return StreamSupport.stream(events, false).onClose(lines::close);
    }

    private static final class Frames implements Iterator<TestEvent> {
        private final Iterator<String> lines;
        private @Nullable TestEvent next;

        Frames(Iterator<String> lines) {
            this.lines = lines;
        }

        @Override
        public boolean hasNext() {
            if (next == null) {
                next = read();
            }
            return next != null;
        }

        @Override
        public TestEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            TestEvent event = next;
            next = null;
            return event;
        }

        private @Nullable TestEvent read() {
            String id = "";
            String event = "";
            while (lines.hasNext()) {
                String line = lines.next();
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    return new TestEvent(id, event, line.substring(6));
                }
            }
            return null;
        }
    }
}
