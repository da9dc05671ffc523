package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadId;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * What a lane asks of what is kept: asks again until there is an answer, and hears it within the lane's loop. Touched
 * only by the lane's tasks.
 */
final class LaneReads {
    private static final Logger LOG = LoggerFactory.getLogger(LaneReads.class);

    private final SerialLoop loop;
    private final Consumer<Throwable> fail;
    private final Retry untilAnswered;
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private boolean closed;

    LaneReads(ThreadId thread, Scheduler scheduler, SerialLoop loop, Consumer<Throwable> fail) {
        this.loop = loop;
        this.fail = fail;
        this.untilAnswered = Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                .maxBackoff(Duration.ofSeconds(2))
                .scheduler(scheduler)
                .doBeforeRetry(signal -> LOG.warn("Thread {}: asked again", thread, signal.failure()));
    }

    /** Goes on with the answer, unless the lane is closed by then. */
    <T> void ask(Mono<T> answer, Consumer<T> then) {
        answer.retryWhen(untilAnswered)
                .takeUntilOther(closing.asMono())
                .subscribe(found -> loop.run(() -> hear(found, then)), error -> loop.run(() -> fail.accept(error)));
    }

    private <T> void hear(T found, Consumer<T> then) {
        if (!closed) {
            then.accept(found);
        }
    }

    /** From now on nobody wants to know. */
    void close() {
        closed = true;
        closing.tryEmitEmpty(); // Whoever waits for it is told; that nobody waits is no failure.
    }
}
