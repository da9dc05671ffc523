package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Invalid;
import java.util.regex.Pattern;

/**
 * The id of one frame of a run's stream, {@code <run_seq>.<part>}: an event of the run makes several frames, counted
 * from 0, so that a reader who was cut off between two of them continues with the second.
 */
record FrameId(long runSeq, int part) {
    /** In front of every frame. */
    static final FrameId START = new FrameId(-1, Integer.MAX_VALUE);

    private static final Pattern SPELLING = Pattern.compile("(\\d{1,18})(?:\\.(\\d{1,9}))?");

    /** Reads {@code <run_seq>.<part>}; {@code <run_seq>} alone is the last frame of that event. */
    static FrameId parse(String param, String text) {
        var matcher = SPELLING.matcher(text);
        if (!matcher.matches()) {
            throw Invalid.because(param, "'" + text + "' is no event id of a run: '<run_seq>.<part>' or '<run_seq>'.");
        }
        String part = matcher.group(2);
        return new FrameId(Long.parseLong(matcher.group(1)), part == null ? Integer.MAX_VALUE : Integer.parseInt(part));
    }

    /** The last frame of an event, whichever that is. */
    static FrameId lastOf(long runSeq) {
        return new FrameId(runSeq, Integer.MAX_VALUE);
    }

    boolean isAfter(FrameId other) {
        return runSeq != other.runSeq ? runSeq > other.runSeq : part > other.part;
    }

    @Override
    public String toString() {
        return runSeq + "." + part;
    }
}
