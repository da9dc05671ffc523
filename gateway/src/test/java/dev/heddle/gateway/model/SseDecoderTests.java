package dev.heddle.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.streaming.run.ProblemException;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SseDecoderTests {
    /** Every line end, comments, other fields, several data lines, a byte order mark, text of two to four bytes. */
    private static final String SAMPLE = """
            \uFEFFdata: first

            : a comment\r
            \r
            id: 7\r
            event: x\r
            data: grüße\r
            \r
            data: one\rdata:two\r\rdata: {"t":"€ 🧵"}
            data
            datum: no
            data:  two blanks

            data: unfinished
            """;

    private static final List<String> EVENTS = List.of("first", "grüße", "one\ntwo", "{\"t\":\"€ 🧵\"}\n\n two blanks");

    private final List<String> events = new ArrayList<>();
    private final SseDecoder decoder =
            new SseDecoder(100, (bytes, length) -> events.add(new String(bytes, 0, length, UTF_8)));

    @Test
    void aWholeStreamGivesItsEvents() {
        decode(SAMPLE.getBytes(UTF_8));

        assertThat(events).isEqualTo(EVENTS);
    }

    @Test
    void itDoesNotMatterWhereTheBytesAreCut() {
        byte[] sample = SAMPLE.getBytes(UTF_8);
        for (int cut = 0; cut <= sample.length; cut++) {
            var cutEvents = new ArrayList<String>();
            var cutDecoder = new SseDecoder(100, (bytes, length) -> cutEvents.add(new String(bytes, 0, length, UTF_8)));

            cutDecoder.decode(Unpooled.wrappedBuffer(sample, 0, cut));
            cutDecoder.decode(Unpooled.wrappedBuffer(sample, cut, sample.length - cut));

            assertThat(cutEvents).as("cut at %d", cut).isEqualTo(EVENTS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7})
    void piecesOfAnySizeGiveTheSameEvents(int size) {
        byte[] sample = SAMPLE.getBytes(UTF_8);

        for (int start = 0; start < sample.length; start += size) {
            decode(Arrays.copyOfRange(sample, start, Math.min(start + size, sample.length)));
        }

        assertThat(events).isEqualTo(EVENTS);
    }

    @Test
    void anEmptyDataLineIsAnEventWithoutText() {
        decode("data\n\ndata:\n\n\n\n".getBytes(UTF_8));

        assertThat(events).containsExactly("", "");
    }

    @ParameterizedTest
    @CsvSource({"94, true", "95, false"})
    void aLineIsBounded(int characters, boolean fits) {
        var line = ("data: " + "x".repeat(characters)).getBytes(UTF_8);

        if (fits) {
            decode(line);
        } else {
            assertThatThrownBy(() -> decode(line)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void theLinesOfAnEventAreBoundedTogether() {
        decode("data: 012345678901234567890123456789\n".repeat(2).getBytes(UTF_8));

        assertThatThrownBy(() -> decode(
                        "data: 012345678901234567890123456789\n".repeat(2).getBytes(UTF_8)))
                .hasMessageContaining("more than 100 bytes");
    }

    @Test
    void manyEventsAreNotBoundedTogether() {
        decode("data: 0123456789\n\n".repeat(1_000).getBytes(UTF_8));

        assertThat(events).hasSize(1_000).containsOnly("0123456789");
    }

    private void decode(byte[] bytes) {
        decoder.decode(Unpooled.wrappedBuffer(bytes));
    }
}
