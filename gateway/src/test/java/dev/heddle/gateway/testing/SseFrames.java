package dev.heddle.gateway.testing;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a response's stream, as strictly as the strictest reader takes them: one {@code event} line, one
 * {@code data} line, a blank one. {@code [DONE]} has no name. Comments stand alone between frames and are left out.
 */
public final class SseFrames implements Iterator<TestEvent> {
    private static final String NAME = "event: ";
    private static final String DATA = "data: ";

    private final Iterator<String> lines;
    private @Nullable TestEvent next;

    public SseFrames(Iterator<String> lines) {
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
            throw new NoSuchElementException("the stream has ended");
        }
        TestEvent frame = next;
        next = null;
        return frame;
    }

    private @Nullable TestEvent read() {
        while (lines.hasNext()) {
            String line = lines.next();
            if (!line.startsWith(":")) {
                return line.startsWith(NAME) ? named(line.substring(NAME.length())) : done(line);
            }
            blankLine("a comment");
        }
        return null;
    }

    private TestEvent named(String name) {
        return frame(name, lines.hasNext() ? lines.next() : "");
    }

    private TestEvent done(String line) {
        Violation.unless(line.equals(DATA + "[DONE]"), "a frame begins with its name, not with: " + line);
        return frame("", line);
    }

    private TestEvent frame(String name, String data) {
        Violation.unless(data.startsWith(DATA), "behind its name a frame has one line of data, not: " + data);
        blankLine("the one line of data of " + name);
        return new TestEvent("", name, data.substring(DATA.length()));
    }

    private void blankLine(String what) {
        Violation.unless(lines.hasNext(), "the stream breaks off behind " + what);
        String line = lines.next();
        Violation.unless(line.isEmpty(), "behind " + what + " comes a blank line, not: " + line);
    }
}
