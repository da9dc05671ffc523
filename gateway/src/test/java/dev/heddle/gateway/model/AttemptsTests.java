package dev.heddle.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

class AttemptsTests {
    private final Attempts attempts = new Attempts(
            new UpstreamSettings.Retries(9, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofSeconds(20)),
            Schedulers.parallel());

    @ParameterizedTest
    @CsvSource({"0, 500", "1, 1000", "2, 2000", "3, 4000", "4, 8000", "5, 8000", "7, 8000"})
    void pausesDoubleUpToALimitAndVaryByHalf(long retries, long millis) {
        for (int i = 0; i < 100; i++) {
            assertThat(attempts.pauseAfter(new ConnectException(), retries))
                    .hasValueSatisfying(pause -> assertThat(pause.toMillis()).isBetween(millis / 2, millis));
        }
    }

    @Test
    void theLastAttemptIsNotFollowedByAnother() {
        assertThat(attempts.pauseAfter(new IOException(), 8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 429, 500, 502, 503, 504, 529})
    void statusesThatMayPassAreTriedAgain(int status) {
        assertThat(attempts.pauseAfter(refusal(status), 0)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 413, 422})
    void othersAreNot(int status) {
        assertThat(attempts.pauseAfter(refusal(status), 0)).isEmpty();
    }

    @Test
    void failuresThatAreDecidedAreNotTriedAgain() {
        assertThat(attempts.pauseAfter(Failures.brokenOff(), 0)).isEmpty();
        assertThat(attempts.pauseAfter(new IllegalStateException(), 0)).isEmpty();
    }

    @Test
    void theServersWishIsHonouredUpToALimit() {
        assertThat(attempts.pauseAfter(refusal(429, 20), 0)).contains(Duration.ofSeconds(20));
        assertThat(attempts.pauseAfter(refusal(429, 21), 0)).isEmpty();
    }

    @Test
    void aWishForNoPauseGetsTheUsualOne() {
        assertThat(attempts.pauseAfter(refusal(503, 0), 0))
                .hasValueSatisfying(pause -> assertThat(pause.toMillis()).isBetween(250L, 500L));
    }

    private static Refusal refusal(int status) {
        return new Refusal(status, UpstreamError.UNSAID, Optional.empty());
    }

    private static Refusal refusal(int status, int retryAfterSeconds) {
        return new Refusal(status, UpstreamError.UNSAID, Optional.of(Duration.ofSeconds(retryAfterSeconds)));
    }
}
