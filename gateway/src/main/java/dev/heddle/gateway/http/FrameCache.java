package dev.heddle.gateway.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Supplier;
import org.springframework.util.unit.DataSize;

/**
 * Frames that were encoded lately, for all their readers: the first one who needs a frame encodes it, also when several
 * come at once. Bounded in bytes; a frame it has let go is encoded again, to the same bytes.
 */
public final class FrameCache {
    private final Cache<FrameKey, SseFrame> frames;

    public FrameCache(DataSize max) {
        this.frames = Caffeine.newBuilder()
                .maximumWeight(max.toBytes())
                .weigher((FrameKey _, SseFrame frame) -> frame.weight())
                .executor(Runnable::run) // What it has to tidy up is little, and no pool of others waits for it.
                .build();
    }

    /** The frame of this key, encoded now if it is not here. */
    public SseFrame frame(FrameKey key, Supplier<SseFrame> encoding) {
        return frames.get(key, _ -> encoding.get());
    }
}
