package dev.heddle.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.bench.model.Stamps;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class EventReaderTests {
    private static final String CHUNK = "id: 7\nevent: text\ndata: {\"text\":\" " + Stamps.of(5_000) + "\"}\n\n";
    private static final String WHOLE = "data: {\"text\":\" " + Stamps.of(5_000) + " " + Stamps.of(6_000) + "\"}\n\n";
    private static final String STREAM = ": open\n\n" + CHUNK + CHUNK + WHOLE + "data: [DONE]\n\n";

    private final Tally tally = new Tally();
    private final EventReader reader = new EventReader(tally);

    @Test
    void eventsAreCountedHoweverTheyAreCutIntoPieces() {
        for (int first = 0; first <= STREAM.length(); first++) {
            for (int second = first; second <= STREAM.length(); second += 7) {
                var pieces = new EventReader(new Tally());

                read(pieces, STREAM.substring(0, first));
                read(pieces, STREAM.substring(first, second));
                read(pieces, STREAM.substring(second));

                assertThat(pieces.events()).isEqualTo(5);
                assertThat(pieces.chunks()).isEqualTo(2);
            }
        }
    }

    @Test
    void anEventThatTellsSeveralChunksAgainIsNoChunk() {
        read(reader, WHOLE);

        assertThat(reader.events()).isEqualTo(1);
        assertThat(reader.chunks()).isZero();
    }

    @Test
    void anEventWithoutItsEmptyLineIsNoneYet() {
        read(reader, CHUNK.substring(0, CHUNK.length() - 1));

        assertThat(reader.events()).isZero();
        assertThat(tally.chunks()).isZero();
    }

    @Test
    void aChunkIsAsOldAsItsStampSays() {
        long made = System.nanoTime() - 3_000_000_000L;

        read(reader, "data: " + Stamps.of(made / 1_000) + "\n\n");

        assertThat(reader.firstAgeMicros()).isBetween(3_000_000L, 60_000_000L);
        assertThat(tally.takeAges().getMinValue()).isBetween(2_900_000L, 60_000_000L);
        assertThat(tally.takeAges().getTotalCount()).isZero();
    }

    private static void read(EventReader reader, String text) {
        reader.read(Unpooled.wrappedBuffer(text.getBytes(US_ASCII)));
    }
}
