package dev.heddle.gateway.testing;

import java.util.Map;
import org.reactivestreams.Publisher;

/** What a {@link ScriptedToolServer} does when it is called. */
public sealed interface ToolAnswer {
    /** Status 200. */
    static ToolAnswer text(String body) {
        return status(200, body);
    }

    static ToolAnswer status(int status, String body) {
        return new Says(status, Map.of(), body);
    }

    static ToolAnswer status(int status, String header, String value) {
        return new Says(status, Map.of(header, value), "");
    }

    /** The same, once {@code signal} has completed or emitted. */
    default ToolAnswer after(Publisher<?> signal) {
        return new Held(signal, this);
    }

    /** A whole answer. */
    record Says(int status, Map<String, String> headers, String body) implements ToolAnswer {}

    /** Nothing before the signal, which is the test's to give. */
    record Held(Publisher<?> signal, ToolAnswer then) implements ToolAnswer {}

    /** Nothing at all; the connection stays open. */
    record Silence() implements ToolAnswer {}

    /** Closes the connection without a word. */
    record HangUp() implements ToolAnswer {}

    /** Resets the connection (RST) without a word. */
    record Reset() implements ToolAnswer {}

    /** Status 200 and the beginning of a body, then nothing; the connection stays open. */
    record Stall(String body) implements ToolAnswer {}

    /** The status and the beginning of a body, then a reset. */
    record BreakOff(int status, String body) implements ToolAnswer {}

    /** Status 200 and a body of so many {@code x}, in pieces of 64 KiB as the network takes them. */
    record Huge(long bytes) implements ToolAnswer {}

    /** Something that is not HTTP. */
    record Garbage(String line) implements ToolAnswer {}
}
