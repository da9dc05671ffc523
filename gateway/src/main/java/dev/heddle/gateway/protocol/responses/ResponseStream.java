package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.OpenAiError;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.run.ProblemException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a response says while it is made, the same whoever asks for it and whenever. */
final class ResponseStream {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseStream.class);
    private static final SseFrame DONE = SseFrame.ofData(Json.utf8("[DONE]"));
    private static final int AHEAD = 32;

    private final RunFeed feed;
    private final FrameCache cache;

    ResponseStream(RunFeed feed, FrameCache cache) {
        this.feed = feed;
        this.cache = cache;
    }

    /** As {@link #frames}, as server-sent events with {@code [DONE]} at their end. */
    Flux<SseFrame> events(StoredRun run, long after) {
        return frames(run, after).concatWithValues(DONE);
    }

    /**
     * The frames behind number {@code after}, stored ones first; completes with the response. A failure of the stream is
     * told by an error frame. Always from the run's first event: what a frame says depends on all events before it.
     */
    Flux<SseFrame> frames(StoredRun run, long after) {
        return Flux.defer(() -> project(run, new ResponsesProjection(cache, run, after)))
                .onErrorResume(error -> Flux.just(broken(run, error).frame()));
    }

    private Flux<SseFrame> project(StoredRun run, ResponsesProjection projection) {
        return feed.follow(run.key(), -1).map(projection::frames).concatMapIterable(Function.identity(), AHEAD);
    }

    /** The response once it has ended. */
    Mono<ResponseJson> end(StoredRun run) {
        return Mono.defer(() -> end(run, new ResponsesProjection(cache, run, Long.MAX_VALUE)));
    }

    private Mono<ResponseJson> end(StoredRun run, ResponsesProjection projection) {
        return feed.follow(run.key(), -1).doOnNext(projection::frames).then(Mono.fromSupplier(projection::response));
    }

    private static OpenAiError broken(StoredRun run, Throwable error) {
        if (error instanceof ProblemException known) {
            return ResponsesErrors.render(known.problem());
        }
        String id = OpenAiIds.response(run.key().id());
        LOG.error("The stream of {} broke", id, error);
        return new OpenAiError(
                500,
                "server_error",
                "The stream of " + id + " broke. The response itself goes on: retrieve it, behind the last event.",
                null,
                "server_error");
    }
}
