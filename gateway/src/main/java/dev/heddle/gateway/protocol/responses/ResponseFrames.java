package dev.heddle.gateway.protocol.responses;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Numbers the frames of one response, and encodes those that its reader has not seen. */
final class ResponseFrames {
    private final long after;
    private long next;
    private List<ResponseFrame> frames = new ArrayList<>();

    /** Frames up to number {@code after}, included, are left out. */
    ResponseFrames(long after) {
        this.after = after;
    }

    /** One more frame; {@code json} is given its number. */
    void add(String type, LongFunction<byte[]> json) {
        long number = next++;
        if (number > after) {
            frames.add(new ResponseFrame(type, json.apply(number)));
        }
    }

    /** What was added since this was asked last. */
    List<ResponseFrame> take() {
        var taken = frames;
        frames = taken.isEmpty() ? taken : new ArrayList<>();
        return taken.isEmpty() ? List.of() : taken;
    }
}
