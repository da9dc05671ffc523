package dev.heddle.gateway.model;

import dev.heddle.streaming.run.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.channel.AbortedException;
import reactor.util.retry.Retry;
import reactor.util.retry.Retry.RetrySignal;

/**
 * Decides whether a call that failed before its answer began is made again, and when. A {@code ProblemException} is
 * final; of anything else that was a failure of the server, the last one becomes a {@code ProblemException}.
 */
final class Attempts {
    private static final Logger log = LoggerFactory.getLogger(Attempts.class);

    private final UpstreamSettings.Retries settings;
    private final Scheduler timer;

    Attempts(UpstreamSettings.Retries settings, Scheduler timer) {
        this.settings = settings;
        this.timer = timer;
    }

    Retry retry() {
        return Retry.from(failures -> failures.concatMap(this::next));
    }

    private Mono<Long> next(RetrySignal signal) {
        return pauseAfter(signal.failure(), signal.totalRetries())
                .map(pause -> Mono.delay(pause, timer).doOnSubscribe(_ -> logged(signal, pause)))
                .orElseGet(() -> Mono.error(lastWord(signal.failure())));
    }

    /** Empty when the call is not made again. */
    Optional<Duration> pauseAfter(Throwable failure, long retries) {
        if (retries + 1 >= settings.maxAttempts()) {
            return Optional.empty();
        }
        return switch (failure) {
            case Refusal refusal
            when refusal.mayPass() && !asksTooMuch(refusal) ->
                Optional.of(refusal.retryAfter().filter(Duration::isPositive).orElseGet(() -> backoff(retries)));
            case IOException _, AbortedException _ -> Optional.of(backoff(retries));
            default -> Optional.empty();
        };
    }

    /** Half of it fixed, half of it random: calls that failed together do not come again together. */
    private Duration backoff(long retries) {
        var doubled = settings.firstBackoff().multipliedBy(1L << Math.min(retries, 30));
        long millis = Math.min(doubled.toMillis(), settings.maxBackoff().toMillis());
        return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    private boolean asksTooMuch(Refusal refusal) {
        return refusal.retryAfter()
                .filter(wait -> wait.compareTo(settings.maxRetryAfter()) > 0)
                .isPresent();
    }

    private Throwable lastWord(Throwable failure) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case Refusal refusal when asksTooMuch(refusal) -> Failures.rateLimited(refusal);
            case Refusal refusal -> Failures.refused(refusal);
            default -> Failures.noAnswer(failure);
        };
    }

    private static void logged(RetrySignal signal, Duration pause) {
        log.debug(
                "model call failed, next attempt in {}: {}",
                pause,
                signal.failure().toString());
    }
}
