package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Doorbell;
import dev.heddle.streaming.run.ThreadId;
import reactor.core.publisher.Flux;

/** A doorbell that rings as a test tells it to, heedless of who listens how fast. */
record OnlyRings(Flux<ThreadId> rings) implements Doorbell {
    @Override
    public Flux<ThreadId> rings(ThreadId thread) {
        return rings;
    }

    @Override
    public void ring(ThreadId thread) {}
}
