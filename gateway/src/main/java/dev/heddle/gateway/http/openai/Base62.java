package dev.heddle.gateway.http.openai;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** The 128 bits of a UUID as 24 digits {@code 0-9A-Za-z}: one spelling for each, and in the UUID's own order. */
final class Base62 {
    private static final int LENGTH = 24;
    private static final int BASE = 62;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private Base62() {}

    static String encode(UUID id) {
        char[] digits = new char[LENGTH];
        Arrays.fill(digits, '0');
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        for (int place = LENGTH - 1; high != 0 || low != 0; place--) {
            // Long division by hand, 32 bits at a time: a remainder below 62 in front always fits.
            long upper = (Long.remainderUnsigned(high, BASE) << 32) | (low >>> 32);
            long lower = ((upper % BASE) << 32) | (low & LOW_HALF);
            high = Long.divideUnsigned(high, BASE);
            low = ((upper / BASE) << 32) | (lower / BASE);
            digits[place] = DIGITS.charAt((int) (lower % BASE));
        }
        return new String(digits);
    }

    /** Empty for what {@link #encode} never writes. */
    static Optional<UUID> decode(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        long high = 0;
        long low = 0;
        for (int place = 0; place < LENGTH; place++) {
            int digit = DIGITS.indexOf(text.charAt(place));
            long sum = low * BASE + digit;
            long carry = Math.unsignedMultiplyHigh(low, BASE) + (Long.compareUnsigned(sum, digit) < 0 ? 1 : 0);
            high = high * BASE + carry;
            low = sum;
        }
        // A strange digit or a number beyond 128 bits does not come out as it went in.
        return Optional.of(new UUID(high, low)).filter(id -> encode(id).equals(text));
    }
}
