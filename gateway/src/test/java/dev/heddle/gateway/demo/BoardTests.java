package dev.heddle.gateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the board prints, which must be readable as the order of the thread. */
class BoardTests {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void aRowGoesOnAsLongAsTheNextRunStandsFartherToTheRight() {
        show(event(5, "a", 4, "Ada"), event(6, "b", 4, "Ben"), event(7, "a", 5, "again"));

        assertThat(lines())
                .containsExactly(
                        "   5 │   4 0 Ada              │   4 0 Ben", //
                        "   7 │   5 0 again");
    }

    @Test
    void aRunThatStandsAloneKeepsItsColumn() {
        show(event(5, "b", 4, "Ben"));

        assertThat(lines()).containsExactly("   5 │                        │   4 0 Ben");
    }

    @Test
    void wordsOfOneRunShareACellUntilItIsFull() {
        show(event(5, "a", 4, "You"), event(6, "a", 5, " asked:"), event(7, "a", 6, " something"));

        assertThat(lines())
                .containsExactly(
                        "   5 │   4 0 You asked:", //
                        "   7 │   6 0 something");
    }

    @Test
    void aTextThatIsLongerThanACellIsContinuedBelowOnOneLineEach() {
        show(event(5, "a", 4, "one two\nthree four five"));

        assertThat(lines())
                .containsExactly(
                        "   5 │   4 0 one two three fo", //
                        "   5 │   4 0 ur five");
    }

    @Test
    void whatHappensToARunHasACellOfItsOwn() {
        show(
                new Event(2, 3, "run.admitted", "a", 0, "", "", ""),
                new Event(3, 3, "item.opened", "a", 1, "0", "", ""),
                event(4, "a", 2, "You"));

        assertThat(lines())
                .containsExactly(
                        "   2 │   0   [turn 3]", //
                        "   3 │   1 0 [item opened]",
                        "   4 │   2 0 You");
    }

    @Test
    void anEventOfTheThreadItselfHasARowOfItsOwn() {
        show(event(1, "a", 0, "You"), new Event(2, 0, "owner.changed", "", 0, "", "", ""), event(3, "b", 0, "It"));

        assertThat(lines())
                .containsExactly(
                        "   1 │   0 0 You",
                        "   2 │ [owner changed] of the thread itself",
                        "   3 │                        │   0 0 It");
    }

    private void show(Event... events) {
        var screen = new Screen(new PrintStream(printed, true, UTF_8), false);
        var board = new Board(screen, List.of("Ada", "Ben"), List.of("a", "b"));
        List.of(events).forEach(board::show);
        board.endRow();
    }

    private List<String> lines() {
        return printed.toString(UTF_8).lines().toList();
    }

    private static Event event(long seq, String run, long runSeq, String text) {
        return new Event(seq, 1, "text.appended", run, runSeq, "0", text, "");
    }
}
