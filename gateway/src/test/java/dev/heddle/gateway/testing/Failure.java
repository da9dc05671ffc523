package dev.heddle.gateway.testing;

/** The ways in which model servers let down their clients. */
public sealed interface Failure {
    Failure NONE = new None();

    /** Happens instead of an event stream. */
    sealed interface Early extends Failure {}

    /** Happens in an event stream, after so many chunks of text and of calls (when there are fewer: after all). */
    sealed interface Late extends Failure {
        int chunks();
    }

    /** Another status than 200, with the script's error body and its Retry-After. */
    record Status(int status) implements Early {}

    /** Status 200 with the script's error body, as JSON. */
    record JsonError() implements Early {}

    /** Status 200 with a page for people. */
    record HtmlPage() implements Early {}

    /** Closes the connection without a word. */
    record HangUp() implements Early {}

    /** Takes the request and says nothing, not even headers. */
    record NoHeaders() implements Failure {}

    /** Resets the connection (RST). */
    record Reset(int chunks) implements Late {}

    /** Closes the connection (FIN) in the middle of the message, as the kernel does for a killed process. */
    record Drop(int chunks) implements Late {}

    /** Ends the message properly, but without finish reason and {@code [DONE]}. */
    record End(int chunks) implements Late {}

    /** A chunk that is the script's error body. */
    record ErrorChunk(int chunks) implements Late {}

    /** Says nothing more and keeps the connection open. */
    record Silence(int chunks) implements Late {}

    /** A chunk that is cut in its middle, as if it were whole. */
    record Malformed(int chunks) implements Late {}

    /** A line of a little over 2 MB. */
    record HugeLine(int chunks) implements Late {}

    /** Calls a tool, as a model to which tools were offered does. */
    record ToolCall(int chunks) implements Late {}

    /** {@code [DONE]} without a finish reason. */
    record NoFinishReason(int chunks) implements Late {}

    /** All of the answer up to {@code [DONE]}, but the message does not end. */
    record Unended() implements Late {
        @Override
        public int chunks() {
            return Integer.MAX_VALUE;
        }
    }

    /**
     * After so many bytes of the body, wherever that is in a chunk and in place of the rest: {@link Reset}, {@link Drop},
     * {@link End}, {@link Silence}, or {@link ErrorChunk} behind a blank line.
     */
    record AtByte(Late what, int bytes) implements Late {
        @Override
        public int chunks() {
            return Integer.MAX_VALUE;
        }
    }

    /** None at all. */
    record None() implements Late {
        @Override
        public int chunks() {
            return Integer.MAX_VALUE;
        }
    }

    /**
     * Reads {@code none}, {@code reset@5}, {@code status@503}, {@code no-headers} and so on: every record by its name, and
     * those that break a stream off also as {@code reset-at-byte@123}.
     */
    static Failure parse(String text) {
        var parts = text.split("@", 2);
        int number = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
        return switch (parts[0]) {
            case "reset-at-byte", "drop-at-byte", "end-at-byte", "error-at-byte", "silence-at-byte" ->
                new AtByte((Late) parse(parts[0].substring(0, parts[0].indexOf('-'))), number);
            case "none" -> NONE;
            case "status" -> new Status(number);
            case "json-error" -> new JsonError();
            case "html" -> new HtmlPage();
            case "hang-up" -> new HangUp();
            case "no-headers" -> new NoHeaders();
            case "reset" -> new Reset(number);
            case "drop" -> new Drop(number);
            case "end" -> new End(number);
            case "error" -> new ErrorChunk(number);
            case "silence" -> new Silence(number);
            case "malformed" -> new Malformed(number);
            case "huge-line" -> new HugeLine(number);
            case "tool-call" -> new ToolCall(number);
            case "no-finish-reason" -> new NoFinishReason(number);
            case "unended" -> new Unended();
            default -> throw new IllegalArgumentException("no failure is called " + parts[0]);
        };
    }
}
