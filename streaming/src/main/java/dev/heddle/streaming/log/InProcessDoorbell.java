package dev.heddle.streaming.log;

import dev.heddle.streaming.run.ThreadId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** The doorbell of one process. Keeps one entry a follower and nothing for a thread without followers. */
public final class InProcessDoorbell implements Doorbell {
    private final ConcurrentHashMap<ThreadId, Set<FluxSink<ThreadId>>> followers = new ConcurrentHashMap<>();

    @Override
    public Flux<ThreadId> rings(ThreadId thread) {
        return Flux.create(sink -> follow(thread, sink), FluxSink.OverflowStrategy.LATEST);
    }

    @Override
    public void ring(ThreadId thread) {
        followers.getOrDefault(thread, Set.of()).forEach(sink -> sink.next(thread));
    }

    /** How many followers there are, over all threads. */
    public int followers() {
        return followers.values().stream().mapToInt(Set::size).sum();
    }

    private void follow(ThreadId thread, FluxSink<ThreadId> sink) {
        // Listen before the first ring: an append between the two would otherwise go unheard.
        followers.compute(thread, (_, sinks) -> with(sinks, sink));
        // Only now: a follower that has cancelled already is let go at once, and must be there to be let go.
        sink.onDispose(() -> unfollow(thread, sink));
        sink.next(thread);
    }

    private static Set<FluxSink<ThreadId>> with(
            @org.jspecify.annotations.Nullable Set<FluxSink<ThreadId>> sinks, FluxSink<ThreadId> sink) {
        Set<FluxSink<ThreadId>> grown = sinks == null ? ConcurrentHashMap.newKeySet() : sinks;
        grown.add(sink);
        return grown;
    }

    private void unfollow(ThreadId thread, FluxSink<ThreadId> sink) {
        followers.computeIfPresent(thread, (_, sinks) -> {
            sinks.remove(sink);
            return sinks.isEmpty() ? null : sinks;
        });
    }
}
