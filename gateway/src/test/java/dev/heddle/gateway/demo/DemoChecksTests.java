package dev.heddle.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every check holds for a thread in order, and the right one fails for each thing that can go wrong. */
class DemoChecksTests {
    private static final String OVER_THE_CUT = "over the cut";
    private static final String SECOND_READER = "second reader";
    private static final String IN_EACH_RUN = "Each run's events are numbered";
    private static final String TEXTS = "same text";
    private static final String TRANSCRIPT = "The transcript";
    private static final String BY_TURN = "order=turn";

    /** Ben asked first, so his turn comes before Ada's; their answers arrive between one another. */
    private static final List<Event> ARRIVED = List.of(
            event(1, 0, "owner.changed", "", 0, ""),
            event(2, 1, "run.admitted", "run_ben", 0, ""),
            event(3, 2, "run.admitted", "run_ada", 0, ""),
            event(4, 1, "text.appended", "run_ben", 1, "It is"),
            event(5, 2, "text.appended", "run_ada", 1, "Throw"),
            event(6, 2, "text.appended", "run_ada", 2, " one."),
            event(7, 1, "text.appended", "run_ben", 2, " yeast."),
            event(8, 1, "run.completed", "run_ben", 3, ""),
            event(9, 2, "run.completed", "run_ada", 3, ""));

    private static final List<Event> BEN = List.of(ARRIVED.get(1), ARRIVED.get(3), ARRIVED.get(6), ARRIVED.get(7));
    private static final List<Event> ADA = List.of(ARRIVED.get(2), ARRIVED.get(4), ARRIVED.get(5), ARRIVED.get(8));
    private static final List<Event> TURNS =
            Stream.concat(BEN.stream(), ADA.stream()).toList();
    private static final List<Answer> ANSWERS = List.of(
            new Answer(new User("Ada", "How to juggle?"), "run_ada", "Throw one.", ""),
            new Answer(new User("Ben", "Why does bread rise?"), "run_ben", "It is yeast.", ""));
    private static final List<Message> MESSAGES = List.of(
            new Message("user", "", "Why does bread rise?"),
            new Message("assistant", "run_ben", "It is yeast."),
            new Message("user", "", "How to juggle?"),
            new Message("assistant", "run_ada", "Throw one."));

    @Test
    void everythingHoldsForAThreadInOrder() {
        assertThat(Checks.of(arrived(ARRIVED))).hasSize(6).allMatch(Check::holds);
    }

    @Test
    void aMissingEventIsSeen() {
        var failed = failed(arrived(changed(ARRIVED, events -> without(events, 5))));

        assertThat(failed).containsExactly(OVER_THE_CUT, SECOND_READER, IN_EACH_RUN, TEXTS, BY_TURN);
    }

    @Test
    void anEventThatComesTwiceIsSeen() {
        var failed = failed(arrived(changed(ARRIVED, events -> twice(events, 4))));

        assertThat(failed).containsExactly(OVER_THE_CUT, SECOND_READER, IN_EACH_RUN, TEXTS, BY_TURN);
    }

    @Test
    void theEventBeforeTheCutToldAgainBehindItIsSeen() {
        var seen = new Evidence(ARRIVED.subList(0, 5), ARRIVED.subList(4, 9), ARRIVED, TURNS, ANSWERS, MESSAGES);

        assertThat(failed(seen)).contains(OVER_THE_CUT);
    }

    @Test
    void eventsOfOneRunThatChangedPlacesAreSeen() {
        var failed = failed(arrived(changed(ARRIVED, events -> swapped(events, 4, 5))));

        assertThat(failed).containsExactly(OVER_THE_CUT, SECOND_READER, IN_EACH_RUN, TEXTS, BY_TURN);
    }

    @Test
    void eventsOfTwoRunsThatChangedPlacesAreSeen() {
        var failed = failed(arrived(changed(ARRIVED, events -> swapped(events, 3, 4))));

        assertThat(failed).containsExactly(OVER_THE_CUT, SECOND_READER);
    }

    @Test
    void aReaderWhoIsToldAnotherOrderIsSeen() {
        var again = changed(ARRIVED, events -> swapped(events, 3, 4));

        assertThat(failed(new Evidence(ARRIVED.subList(0, 5), ARRIVED.subList(5, 9), again, TURNS, ANSWERS, MESSAGES)))
                .containsExactly(SECOND_READER);
    }

    @Test
    void aReaderWhoIsToldOtherWordsIsSeen() {
        var other = event(6, 2, "text.appended", "run_ada", 2, " two.");
        var again = changed(ARRIVED, events -> replaced(events, 5, other));

        assertThat(failed(new Evidence(ARRIVED.subList(0, 5), ARRIVED.subList(5, 9), again, TURNS, ANSWERS, MESSAGES)))
                .containsExactly(SECOND_READER);
    }

    @Test
    void turnsInAnotherOrderAreSeen() {
        var byTurn = Stream.concat(ADA.stream(), BEN.stream()).toList();

        assertThat(failed(
                        new Evidence(ARRIVED.subList(0, 5), ARRIVED.subList(5, 9), ARRIVED, byTurn, ANSWERS, MESSAGES)))
                .containsExactly(BY_TURN);
    }

    @Test
    void anOwnStreamWithAnotherTextIsSeen() {
        var answers = changed(
                ANSWERS, all -> replaced(all, 1, new Answer(ANSWERS.get(1).user(), "run_ben", "It is not.", "")));

        assertThat(failed(
                        new Evidence(ARRIVED.subList(0, 5), ARRIVED.subList(5, 9), ARRIVED, TURNS, answers, MESSAGES)))
                .containsExactly(TEXTS, TRANSCRIPT);
    }

    @Test
    void aTranscriptInTheOrderOfTheEndsOfRunsIsSeen() {
        var messages = List.of(MESSAGES.get(2), MESSAGES.get(3), MESSAGES.get(0), MESSAGES.get(1));

        assertThat(failed(
                        new Evidence(ARRIVED.subList(0, 5), ARRIVED.subList(5, 9), ARRIVED, TURNS, ANSWERS, messages)))
                .containsExactly(TRANSCRIPT);
    }

    @Test
    void aCheckThatFailsTellsWhereAndWhat() {
        var check = Check.equal("in order", List.of(1, 2, 3), List.of(1, 3));

        assertThat(check.differences())
                .containsExactly("at place 2: expected 2, found 3", "at place 3: expected 3, found nothing");
    }

    private static Evidence arrived(List<Event> events) {
        return new Evidence(events.subList(0, 5), events.subList(5, events.size()), ARRIVED, TURNS, ANSWERS, MESSAGES);
    }

    /** The checks that do not hold, in short. */
    private static List<String> failed(Evidence seen) {
        var claims = Checks.of(seen).stream()
                .filter(check -> !check.holds())
                .map(Check::claim)
                .toList();
        return Stream.of(OVER_THE_CUT, SECOND_READER, IN_EACH_RUN, TEXTS, TRANSCRIPT, BY_TURN)
                .filter(name -> claims.stream().anyMatch(claim -> claim.contains(name)))
                .toList();
    }

    private static Event event(long seq, long turn, String name, String run, long runSeq, String text) {
        return new Event(seq, turn, name, run, runSeq, text.isEmpty() ? "" : "0", text, "{" + seq + text + "}");
    }

    private static <T> List<T> changed(List<T> list, UnaryOperator<List<T>> change) {
        return List.copyOf(change.apply(new ArrayList<>(list)));
    }

    private static <T> List<T> without(List<T> list, int index) {
        list.remove(index);
        return list;
    }

    private static <T> List<T> twice(List<T> list, int index) {
        list.add(index, list.get(index));
        return list;
    }

    private static <T> List<T> swapped(List<T> list, int one, int other) {
        Collections.swap(list, one, other);
        return list;
    }

    private static <T> List<T> replaced(List<T> list, int index, T other) {
        list.set(index, other);
        return list;
    }
}
