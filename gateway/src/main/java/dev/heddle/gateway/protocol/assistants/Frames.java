package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.FrameKey;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.persistence.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The frames of one event, numbered. Those that the reader has had already are counted, but not encoded; the others are
 * encoded once for all readers. What frames say follows from the run's events, and from what the run was admitted with;
 * of a run's row just its metadata may be another later.
 */
final class Frames {
    private static final SseFrame DONE = SseFrame.of("done", Json.utf8("[DONE]"));

    private static final String FORMAT = "assistants";

    private final FrameCache cache;
    private final StoredRun run;
    private final long runSeq;
    private final FrameId after;

    /** Few events make more than one. */
    private final List<SseFrame> frames = new ArrayList<>(1);

    private int part;

    Frames(FrameCache cache, StoredRun run, long runSeq, FrameId after) {
        this.cache = cache;
        this.run = run;
        this.runSeq = runSeq;
        this.after = after;
    }

    void add(String event, Supplier<byte[]> data) {
        add(id -> SseFrame.of(id, event, data.get()));
    }

    /** One more frame, which is given its id when it is encoded. */
    void add(Function<String, SseFrame> frame) {
        var id = new FrameId(runSeq, part++);
        if (id.isAfter(after)) {
            frames.add(cache.frame(key(id), () -> frame.apply(id.toString())));
        }
    }

    /** Ends the stream. It has no id: whoever reconnects behind the last event is told again that it was the last. */
    void done() {
        frames.add(DONE);
    }

    List<SseFrame> list() {
        return frames;
    }

    /** Whether the stream ends with these. */
    static boolean areLast(List<SseFrame> frames) {
        return !frames.isEmpty() && frames.getLast().equals(DONE);
    }

    private FrameKey key(FrameId id) {
        return new FrameKey(FORMAT, run.key().id().value(), id.runSeq(), id.part(), run.metadata());
    }

    /** Ends the stream with an error. */
    static List<SseFrame> failing(SseFrame error) {
        return List.of(error, DONE);
    }
}
