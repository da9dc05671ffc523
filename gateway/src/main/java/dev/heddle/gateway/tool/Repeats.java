package dev.heddle.gateway.tool;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Decides whether a call is made again, and after which pause: never one of a tool that is not idempotent. */
final class Repeats {
    private static final int MAX_REPEATS = 2;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(10);

    /** The other form, a date, is never short enough to be worth reading. */
    private static final Pattern SECONDS = Pattern.compile("\\d{1,5}");

    private final boolean idempotent;

    Repeats(boolean idempotent) {
        this.idempotent = idempotent;
    }

    /** Empty when the outcome stands. {@code made} counts the repeats so far. */
    Optional<Duration> pauseAfter(Outcome outcome, int made) {
        return switch (outcome) {
            case Outcome.Final _ -> Optional.empty();
            case Outcome.Passing passing -> idempotent && made < MAX_REPEATS ? pause(passing, made) : Optional.empty();
        };
    }

    private static Optional<Duration> pause(Outcome.Passing failure, int made) {
        return failure.retryAfter().isEmpty()
                ? Optional.of(backoff(made))
                : failure.retryAfter()
                        .filter(value -> SECONDS.matcher(value).matches())
                        .map(value -> Duration.ofSeconds(Integer.parseInt(value)))
                        .filter(wait -> wait.compareTo(LONGEST_RETRY_AFTER) <= 0)
                        // No pause at all would be no chance to recover.
                        .map(wait -> wait.isZero() ? backoff(made) : wait);
    }

    /** Doubles; half of it fixed, half of it random: calls that failed together do not come again together. */
    private static Duration backoff(int made) {
        long millis = FIRST_BACKOFF.toMillis() << made;
        return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }
}
