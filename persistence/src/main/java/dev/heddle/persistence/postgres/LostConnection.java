package dev.heddle.persistence.postgres;

import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** A connection that broke off: whether its last transaction was committed must be looked up. */
final class LostConnection {
    private static final RetryBackoffSpec A_FEW_TIMES = Retry.backoff(5, Duration.ofMillis(100));

    private LostConnection() {}

    static boolean happened(Throwable error) {
        return error instanceof R2dbcNonTransientResourceException || error instanceof R2dbcTransientResourceException;
    }

    /** What was stored, if it was; otherwise the error stands. */
    static <T> Mono<T> outcome(Throwable lost, Mono<T> stored) {
        return stored.retryWhen(A_FEW_TIMES.filter(LostConnection::happened))
                .onErrorMap(_ -> lost)
                .switchIfEmpty(Mono.error(lost));
    }
}
