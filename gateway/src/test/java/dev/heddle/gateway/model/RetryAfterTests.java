package dev.heddle.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTests {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry-after    | 3                             | 3000",
                "Retry-After    | 0.5                           | 500",
                "retry-after    | -3                            | 0",
                "retry-after    | Thu, 01 Jan 2026 00:00:07 GMT | 7000",
                "retry-after    | Wed, 31 Dec 2025 23:00:00 GMT | 0",
                "retry-after-ms | 1500                          | 1500",
            })
    void secondsDatesAndMillisecondsAreUnderstood(String name, String value, long millis) {
        var headers = new DefaultHttpHeaders().set(name, value);

        assertThat(RetryAfter.of(headers, NOW)).contains(Duration.ofMillis(millis));
    }

    @Test
    void millisecondsArePreferred() {
        var headers = new DefaultHttpHeaders().set("retry-after", "9").set("retry-after-ms", "20");

        assertThat(RetryAfter.of(headers, NOW)).contains(Duration.ofMillis(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "Thursday"})
    void anythingElseIsAsIfItWereNotSaid(String value) {
        assertThat(RetryAfter.of(new DefaultHttpHeaders().set("retry-after", value), NOW))
                .isEmpty();
        assertThat(RetryAfter.of(new DefaultHttpHeaders(), NOW)).isEmpty();
    }
}
