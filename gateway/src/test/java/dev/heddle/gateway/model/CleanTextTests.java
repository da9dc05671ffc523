package dev.heddle.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CleanTextTests {
    @Test
    void plainTextStaysTheSameString() {
        var piece = "plain, also ü and €";

        assertThat(new CleanText().next(piece)).isSameAs(piece);
    }

    @Test
    void zeroIsReplaced() {
        assertThat(cleaned("a\u0000b", "\u0000")).isEqualTo("a\uFFFDb\uFFFD");
    }

    @Test
    void aPairCutBetweenPiecesIsJoined() {
        assertThat(cleaned("a\uD83E", "\uDDF5b")).isEqualTo("a🧵b");
        assertThat(cleaned("\uD83E", "", "\uDDF5")).isEqualTo("🧵");
    }

    @Test
    void halvesThatStayAloneAreReplaced() {
        assertThat(cleaned("a\uD83E", "b")).isEqualTo("a\uFFFDb");
        assertThat(cleaned("\uDDF5a", "\uD83E")).isEqualTo("\uFFFDa\uFFFD");
        assertThat(cleaned("\uD83E\uD83E", "\uDDF5")).isEqualTo("\uFFFD🧵");
    }

    @Test
    void wholePairsStay() {
        assertThat(cleaned("🧵", "x🧵y")).isEqualTo("🧵x🧵y");
    }

    private static String cleaned(String... pieces) {
        var text = new CleanText();
        return Stream.of(pieces).map(text::next).collect(Collectors.joining()) + text.rest();
    }
}
