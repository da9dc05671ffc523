package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.OpenAiError;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.run.RunKey;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/** The stream of a run, the same whoever asks for it and whenever. */
final class RunStream {
    private static final Logger LOG = LoggerFactory.getLogger(RunStream.class);
    private static final int AHEAD = 32;

    private final RunFeed feed;
    private final FrameCache cache;
    private final Duration expiry;

    RunStream(RunFeed feed, FrameCache cache, Duration expiry) {
        this.feed = feed;
        this.cache = cache;
        this.expiry = expiry;
    }

    /**
     * The frames behind {@code after}, stored ones first; goes on while the run waits for its client, and completes with
     * the run. A failure is told by an error frame.
     */
    Flux<SseFrame> frames(StoredRun run, FrameId after) {
        return frames(run.key(), () -> AssistantsProjection.whole(cache, run, expiry, after));
    }

    /** As {@link #frames}, but completes already when the run next waits for its client, behind {@code after}. */
    Flux<SseFrame> framesUntilPause(StoredRun run, FrameId after) {
        return frames(run.key(), () -> AssistantsProjection.untilPause(cache, run, expiry, after));
    }

    private Flux<SseFrame> frames(RunKey run, Supplier<AssistantsProjection> projection) {
        return Flux.defer(() -> project(run, projection.get()))
                .onErrorResume(error -> Flux.fromIterable(Frames.failing(broken(run, error))));
    }

    /** Always from the run's first event: what a frame says depends on all events before it. */
    private Flux<SseFrame> project(RunKey run, AssistantsProjection projection) {
        return feed.follow(run, -1)
                .map(projection::frames)
                .takeUntil(Frames::areLast)
                .concatMapIterable(Function.identity(), AHEAD);
    }

    private static SseFrame broken(RunKey run, Throwable error) {
        String id = OpenAiIds.run(run.id());
        LOG.error(
                "The stream of {} in {} broke",
                id,
                OpenAiIds.thread(run.thread().id()),
                error);
        return new OpenAiError(
                        500,
                        "server_error",
                        "The stream of " + id + " broke. The run itself goes on: reconnect behind the last event.",
                        null,
                        "server_error")
                .frame();
    }
}
