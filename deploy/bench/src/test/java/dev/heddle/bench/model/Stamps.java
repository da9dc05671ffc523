package dev.heddle.bench.model;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;

/** Stamps of chosen moments, for tests. */
public final class Stamps {
    private Stamps() {}

    public static String of(long micros) {
        var text = Unpooled.buffer();
        Stamp.write(text, micros * 1_000);
        return text.toString(US_ASCII);
    }
}
