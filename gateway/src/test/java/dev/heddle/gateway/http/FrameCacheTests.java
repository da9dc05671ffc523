package dev.heddle.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class FrameCacheTests {
    private static final int READERS = 100;
    private static final int FRAMES = 200;
    private static final UUID RUN = new UUID(1, 2);

    private final AtomicInteger encodings = new AtomicInteger();

    @Test
    void aHundredReadersAtOnceHaveEachFrameEncodedOnce() throws InterruptedException {
        var cache = new FrameCache(DataSize.ofMegabytes(1));
        Set<SseFrame> frames = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        var together = new CountDownLatch(READERS);

        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int reader = 0; reader < READERS; reader++) {
                readers.submit(() -> {
                    together.countDown();
                    together.await();
                    LongStream.range(0, FRAMES).forEach(event -> frames.add(frame(cache, event)));
                    return null;
                });
            }
        }

        assertThat(encodings).hasValue(FRAMES);
        assertThat(frames).hasSize(FRAMES);
    }

    @Test
    void whatMakesAFrameTellsItFromOthers() {
        var cache = new FrameCache(DataSize.ofMegabytes(1));
        var key = new FrameKey("a", RUN, 1, 0, "x");

        for (FrameKey other : Set.of(
                new FrameKey("b", RUN, 1, 0, "x"),
                new FrameKey("a", new UUID(1, 3), 1, 0, "x"),
                new FrameKey("a", RUN, 2, 0, "x"),
                new FrameKey("a", RUN, 1, 1, "x"),
                new FrameKey("a", RUN, 1, 0, "y"))) {
            assertThat(cache.frame(key, this::encoded)).isNotSameAs(cache.frame(other, this::encoded));
        }
        assertThat(encodings).hasValue(6);
    }

    @Test
    void whatIsKeptHasABound() {
        var cache = new FrameCache(DataSize.ofKilobytes(10));

        LongStream.range(0, FRAMES).forEach(event -> frame(cache, event));
        LongStream.range(0, FRAMES).forEach(event -> frame(cache, event));

        // A kilobyte and more each: nine are there, and all others had to be encoded again.
        assertThat(encodings).hasValueGreaterThan(2 * FRAMES - 10);
    }

    private SseFrame frame(FrameCache cache, long event) {
        return cache.frame(FrameKey.of("test", RUN, event), this::encoded);
    }

    private SseFrame encoded() {
        encodings.incrementAndGet();
        return SseFrame.of("x", new byte[1_000]);
    }
}
