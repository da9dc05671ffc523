package dev.heddle.gateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events from a connection (WHATWG HTML §9.2, as far as the gateway uses it). Blocks. */
final class SseStream implements AutoCloseable {
    private final BufferedReader lines;

    SseStream(InputStream body) {
        this.lines = new BufferedReader(new InputStreamReader(body, UTF_8));
    }

    /** The next event; empty when the server has ended the stream. */
    Optional<SseEvent> next() {
        try {
            return read();
        } catch (IOException e) {
            throw new DemoFailed("The connection to the gateway broke: " + e.getMessage());
        }
    }

    /** Closes the connection, also in the middle of the stream. */
    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new DemoFailed("The connection to the gateway could not be closed: " + e.getMessage());
        }
    }

    /** An event is complete at its empty line: one that was cut off in the middle never was. */
    private Optional<SseEvent> read() throws IOException {
        String id = "";
        String name = "message";
        var data = new StringBuilder();
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty() && !data.isEmpty()) {
                return Optional.of(new SseEvent(id, name, data.toString()));
            }
            switch (field(line)) {
                case "id" -> id = value(line);
                case "event" -> name = value(line);
                case "data" -> data.append(value(line));
                default -> {} // A comment, such as the gateway's sign of life in a silence.
            }
        }
        return Optional.empty();
    }

    private static String field(String line) {
        return line.substring(0, Math.max(0, line.indexOf(':')));
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).stripLeading();
    }
}
