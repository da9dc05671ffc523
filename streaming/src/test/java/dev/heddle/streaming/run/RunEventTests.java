package dev.heddle.streaming.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunEventTests {
    @Test
    void aStartKnowsItsExpiryAsExactlyAsItWillBeReadLater() {
        var started = new RunEvent.Started(Instant.parse("2026-01-02T03:04:05.678901234Z"));

        assertThat(started.expiresAt()).isEqualTo(Instant.parse("2026-01-02T03:04:05.678Z"));
    }
}
