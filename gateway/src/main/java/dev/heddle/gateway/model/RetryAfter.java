package dev.heddle.gateway.model;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads how long a server wants to be left alone: {@code retry-after-ms}, else {@code Retry-After} (RFC 9110, 10.2.3). */
final class RetryAfter {
    private RetryAfter() {}

    /** Empty when the server does not say, or nothing that can be understood; never negative. */
    static Optional<Duration> of(HttpHeaders headers, Instant now) {
        return header(headers, "retry-after-ms")
                .flatMap(millis -> number(millis, 1))
                .or(() -> header(headers, HttpHeaderNames.RETRY_AFTER).flatMap(value -> secondsOrDate(value, now)))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }

    private static Optional<String> header(HttpHeaders headers, CharSequence name) {
        return Optional.ofNullable(headers.get(name)).map(String::strip);
    }

    private static Optional<Duration> secondsOrDate(String value, Instant now) {
        return number(value, 1_000).or(() -> date(value).map(date -> Duration.between(now, date)));
    }

    /** Some servers send fractions, although the RFC has none. */
    private static Optional<Duration> number(String value, int unitMillis) {
        try {
            return Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(value) * unitMillis)));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> date(String value) {
        try {
            return Optional.of(ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
