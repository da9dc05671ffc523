package dev.heddle.gateway.http;

import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Answers with event streams (WHATWG HTML §9.2). Only the client's reading makes the frames come. */
public final class Sse {
    /** Spelt as OpenAI spells it, for clients that compare the text. */
    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

    private static final SseFrame OPENING = SseFrame.comment("open");
    private static final int AHEAD = 32;

    private final Duration heartbeat;
    private final Scheduler scheduler;

    public Sse(Duration heartbeat, Scheduler scheduler) {
        this.heartbeat = heartbeat;
        this.scheduler = scheduler;
    }

    /**
     * Streams the frames, each whole, as they come; those that wait together share a flush. Opens with a comment, so
     * that the client has its headers at once, and says {@code : ping} in every long silence. When the client goes, the
     * frames are cancelled.
     */
    public Mono<ServerResponse> stream(Flux<SseFrame> frames) {
        return ServerResponse.ok()
                .header(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
                .cacheControl(CacheControl.noCache())
                .header("X-Accel-Buffering", "no")
                .body((response, _) -> write(response, frames));
    }

    /** Reactor Netty writes what it is given at once, and flushes once per turn of the event loop. */
    private Mono<Void> write(ServerHttpResponse response, Flux<SseFrame> frames) {
        var buffers = response.bufferFactory();
        return response.writeWith(withHeartbeat(frames).map(frame -> frame.buffer(buffers)));
    }

    Flux<SseFrame> withHeartbeat(Flux<SseFrame> frames) {
        return Flux.defer(() -> {
            var silence = new Silence(scheduler, heartbeat);
            var watched = frames.doOnNext(_ -> silence.broken()).doOnTerminate(silence::over);
            return Flux.merge(AHEAD, watched, silence.pings()).startWith(OPENING);
        });
    }
}
