package dev.heddle.gateway.http;

import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/**
 * Frames that were encoded lately, for all their readers: the first one who needs a frame encodes it, also when several
 * come at once. Bounded in bytes; what was encoded first is let go first, and encoded again to the same bytes. In parts,
 * so that readers seldom wait for each other.
 */
public final class FrameCache {
    private static final int PARTS = 16;
    private static final int PART_SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(PARTS);

    /** 2^32 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4). */
    private static final int SPREAD = 0x9E3779B9;

    private final Part[] parts;

    public FrameCache(DataSize max) {
        this.parts = Stream.generate(() -> new Part(max.toBytes() / PARTS))
                .limit(PARTS)
                .toArray(Part[]::new);
    }

    /** The frame of this key, encoded now if it is not here. */
    public SseFrame frame(FrameKey key, Supplier<SseFrame> encoding) {
        // By other bits than those by which the part's own map finds its place.
        return parts[(key.hashCode() * SPREAD) >>> PART_SHIFT].frame(key, encoding);
    }

    private static final class Part {
        private final long maxBytes;
        private final SequencedMap<FrameKey, SseFrame> frames = new LinkedHashMap<>();
        private long bytes;

        Part(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        synchronized SseFrame frame(FrameKey key, Supplier<SseFrame> encoding) {
            SseFrame known = frames.get(key);
            return known == null ? keep(key, encoding.get()) : known;
        }

        private SseFrame keep(FrameKey key, SseFrame frame) {
            frames.put(key, frame);
            bytes += frame.weight();
            while (bytes > maxBytes) {
                var oldest = Objects.requireNonNull(frames.pollFirstEntry());
                bytes -= oldest.getValue().weight();
            }
            return frame;
        }
    }
}
