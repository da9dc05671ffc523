package dev.heddle.gateway.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Watches one event stream and speaks up when nobody else does. One timer a silence, none a frame. */
final class Silence {
    private static final SseFrame PING = SseFrame.comment("ping");

    private final Scheduler scheduler;
    private final long longestMillis;
    private final Sinks.Empty<Void> over = Sinks.empty();
    private volatile long sinceMillis;

    Silence(Scheduler scheduler, Duration longest) {
        this.scheduler = scheduler;
        this.longestMillis = longest.toMillis();
        this.sinceMillis = now();
    }

    void broken() {
        sinceMillis = now();
    }

    /** No ping comes after this. */
    void over() {
        over.tryEmitEmpty(); // Once is enough: a second end finds it over.
    }

    /** A comment each time the silence has lasted long enough, counted anew after each. */
    Flux<SseFrame> pings() {
        return Mono.defer(() -> Mono.delay(Duration.ofMillis(remaining()), scheduler))
                .repeat()
                .filter(_ -> remaining() <= 0)
                .doOnNext(_ -> broken())
                .map(_ -> PING)
                .takeUntilOther(over.asMono());
    }

    private long remaining() {
        return sinceMillis + longestMillis - now();
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
