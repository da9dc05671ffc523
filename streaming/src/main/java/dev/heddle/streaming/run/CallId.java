package dev.heddle.streaming.run;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Names one call of a function, the same for the model, the client and the transcript. A call and its output carry the
 * same one.
 */
public record CallId(String value) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 12;

    /** One that no other call has: {@code call_} and 24 hexadecimal digits. */
    public static CallId fresh() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return new CallId("call_" + HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return value;
    }
}
