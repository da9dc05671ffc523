package dev.heddle.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Role;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A token is a word here; each message costs four more. */
class ContextWindowTests {
    private static final int EACH = 5;

    private final ContextWindow window =
            new ContextWindow((_, text) -> text.isEmpty() ? 0 : text.split(" ").length, "any", List.of("two words"));

    @Test
    void whatIsTooMuchIsLeftOutInTheMiddle() {
        assertThat(fit(2 + 4 * EACH)).containsExactly("m0", "m7", "m8", "m9");
        assertThat(fit(2 + 2 * EACH)).containsExactly("m0", "m9");
    }

    @Test
    void theNewestGoesBeforeTheFirst() {
        assertThat(fit(2 + EACH)).containsExactly("m9");
    }

    @Test
    void everythingStaysWhereThereIsRoomForIt() {
        assertThat(fit(2 + 10 * EACH)).hasSize(10).startsWith("m0", "m1").endsWith("m8", "m9");
        assertThat(fit(2 + 9 * EACH)).hasSize(9).doesNotContain("m1");
    }

    @Test
    void nothingFitsWhereTheNewestDoesNot() {
        assertThat(window.fit(messages(10), List.of(), EACH + 1)).isEmpty();
        assertThat(window.fit(List.of(), messages(3), 2 + 3 * EACH - 1)).isEmpty();
    }

    @Test
    void theRunsOwnExchangesStayWhole() {
        var fitting = window.fit(messages(10), messages(3), 2 + 3 * EACH + 2 * EACH);

        assertThat(texts(fitting.orElseThrow())).containsExactly("m0", "m9", "m0", "m1", "m2");
    }

    @Test
    void itIsSureOnlyWhereBytesAreFewer() {
        long bytes = 9 + 10 * (2 + 4);

        assertThat(window.surelyHolds(messages(10), List.of(), bytes)).isTrue();
        assertThat(window.surelyHolds(messages(10), List.of(), bytes - 1)).isFalse();
    }

    @Test
    void theNewestAreTheLast() {
        assertThat(texts(ContextWindow.newest(messages(5), 2))).containsExactly("m3", "m4");
        assertThat(texts(ContextWindow.newest(messages(1), 2))).containsExactly("m0");
    }

    private List<String> fit(long maxTokens) {
        return texts(window.fit(messages(10), List.of(), maxTokens).orElseThrow());
    }

    private static List<Exchange> messages(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Exchange.of(new ContextMessage.Said(Item.Message.of(Role.USER, "m" + i))))
                .toList();
    }

    private static List<String> texts(List<Exchange> exchanges) {
        return exchanges.stream()
                .map(exchange -> (ContextMessage.Said) exchange.messages().getFirst())
                .map(said -> ((Content.Text) said.message().content().getFirst()).text())
                .toList();
    }
}
