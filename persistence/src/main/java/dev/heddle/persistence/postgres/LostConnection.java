package dev.heddle.persistence.postgres;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** A connection that broke off, or could not be had: nobody said whether its last transaction was committed. */
final class LostConnection {
    private static final RetryBackoffSpec A_FEW_TIMES = Retry.backoff(5, Duration.ofMillis(100))
            .filter(LostConnection::happened)
            .onRetryExhaustedThrow((_, retries) -> retries.failure());

    private LostConnection() {}

    /**
     * Does the work, and does it {@code again} when the connection is lost in the middle. Doing it again must wait for
     * what is left of the work on the server, and give what that has stored.
     */
    static <T> Mono<T> survive(Mono<T> work, Mono<T> again) {
        return work.onErrorResume(LostConnection::happened, _ -> again.retryWhen(A_FEW_TIMES));
    }

    private static boolean happened(Throwable error) {
        return error instanceof R2dbcNonTransientResourceException lost && isOfConnection(lost);
    }

    /** Without a word of the server, or with one that it goes away: "57P01", "57P02", "57P03". */
    private static boolean isOfConnection(R2dbcException error) {
        String state = error.getSqlState();
        return state == null || state.startsWith("08") || state.startsWith("57P");
    }
}
