package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.FrameKey;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.persistence.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Numbers the frames of one response. Those that the reader has had already are counted, but not encoded; the others are
 * encoded once for all readers.
 */
final class ResponseFrames {
    private static final String FORMAT = "responses";

    private final FrameCache cache;
    private final StoredRun run;
    private final long after;
    private long next;
    private List<SseFrame> frames = none();

    /** Frames up to number {@code after}, included, are left out. */
    ResponseFrames(FrameCache cache, StoredRun run, long after) {
        this.cache = cache;
        this.run = run;
        this.after = after;
    }

    /** One more frame; {@code json} is given its number. */
    void add(String type, LongFunction<byte[]> json) {
        add(number -> SseFrame.of(type, json.apply(number)));
    }

    /** One more frame, which is given its number when it is encoded. */
    void add(LongFunction<SseFrame> frame) {
        long number = next++;
        if (number > after) {
            frames.add(cache.frame(key(number), () -> frame.apply(number)));
        }
    }

    /** What was added since this was asked last. */
    List<SseFrame> take() {
        if (frames.isEmpty()) {
            return List.of();
        }
        var taken = frames;
        frames = none();
        return taken;
    }

    /** Few events make more than one. */
    private static List<SseFrame> none() {
        return new ArrayList<>(1);
    }

    private FrameKey key(long number) {
        return new FrameKey(FORMAT, run.key().id().value(), number, 0, run.metadata());
    }
}
