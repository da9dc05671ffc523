package dev.heddle.bench.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampTests {
    private static final long PERIOD = 1L << 30;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 25, 26, 31, 32, 1_000_000, PERIOD - 1, PERIOD, 7 * PERIOD + 12_345})
    void aStampThatIsReadIsAsOldAsTheTimeSinceItWasWritten(long micros) {
        long stamp = read(Stamps.of(micros));

        assertThat(Stamp.age(stamp, micros * 1_000)).isZero();
        assertThat(Stamp.age(stamp, (micros + 40_000) * 1_000)).isEqualTo(40_000);
    }

    @Test
    void aClockThatStartsAnewDoesNotMakeAStampOlder() {
        long stamp = read(Stamps.of(PERIOD - 10));

        assertThat(Stamp.age(stamp, (PERIOD + 5) * 1_000)).isEqualTo(15);
    }

    @Test
    void itsDigitsPassThroughJsonAsTheyAre() {
        assertThat(Stamps.of(123_456_789)).matches("@[A-Z0-9]{6}");
    }

    private static long read(String text) {
        assertThat(text).hasSize(1 + Stamp.DIGITS).startsWith("@");
        long stamp = 0;
        for (int i = 1; i <= Stamp.DIGITS; i++) {
            stamp = Stamp.with(stamp, (byte) text.charAt(i));
        }
        return stamp;
    }
}
