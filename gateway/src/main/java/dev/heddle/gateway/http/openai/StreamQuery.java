package dev.heddle.gateway.http.openai;

import dev.heddle.streaming.run.ProblemException;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Where a reader of one of our streams wants to go on. The header {@code Last-Event-ID} wins over {@code after}: browsers
 * reconnect to the first address, and only the header is new.
 */
public final class StreamQuery {
    public static final String AFTER = "after";

    private StreamQuery() {}

    public static Optional<String> cursor(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader("Last-Event-ID"))
                .filter(id -> !id.isEmpty())
                .or(() -> ListQuery.given(request, AFTER));
    }

    /** {@code expected} is a noun, and how it is spelt. */
    public static ProblemException wrongCursor(String text, String expected) {
        return Invalid.because(AFTER, "'" + text + "' is no " + expected + ".");
    }

    public static ProblemException noEvent(String cursor) {
        return Invalid.because(AFTER, "there is no event '" + cursor + "'.");
    }
}
