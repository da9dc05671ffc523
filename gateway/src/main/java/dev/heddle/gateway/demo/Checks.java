package dev.heddle.gateway.demo;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What the gateway promises, held against what the demo has seen. Pure functions of the evidence. */
final class Checks {
    private Checks() {}

    static List<Check> of(Evidence seen) {
        return List.of(
                numberedOverTheCut(seen),
                sameForAnotherReader(seen),
                numberedInEachRun(seen),
                sameTexts(seen),
                inOrderOfAdmission(seen),
                sameByTurn(seen));
    }

    private static Check numberedOverTheCut(Evidence seen) {
        var numbers = seen.arrival().stream().map(Event::seq).toList();
        var claim = "The thread's events are numbered 1 to " + numbers.size() + ", over the cut behind "
                + seen.beforeCut().size() + ": none lost, none twice.";
        return Check.equal(claim, numbersFrom(1, numbers.size()), numbers);
    }

    private static Check sameForAnotherReader(Evidence seen) {
        return Check.equal(
                "A second reader, who was never cut off, was told exactly the same.", seen.arrival(), seen.again());
    }

    private static Check numberedInEachRun(Evidence seen) {
        var claim = "Each run's events are numbered as well, without a gap: "
                + seen.answers().stream()
                        .map(answer -> answer.user().name() + " 0 to "
                                + (seen.ofRun(answer.run()).size() - 1))
                        .collect(Collectors.joining(", "))
                + ".";
        return check(seen, claim, Checks::misnumbered);
    }

    private static Check sameTexts(Evidence seen) {
        var claim = "Each run's own stream, the thread's stream and the stored message have the same text.";
        return check(seen, claim, Checks::otherTexts);
    }

    private static Check inOrderOfAdmission(Evidence seen) {
        var admitted = seen.inOrderOfAdmission();
        var claim = "The transcript is question, answer, question, answer, in the order of admission: "
                + admitted.stream().map(answer -> answer.user().name()).collect(Collectors.joining(", ")) + ".";
        return Check.equal(
                claim, admitted.stream().flatMap(Checks::questionAndAnswer).toList(), seen.messages());
    }

    private static Check sameByTurn(Evidence seen) {
        var sorted = seen.sortedByTurn();
        var claim =
                "Read with order=turn, it is the same " + sorted.size() + " events of runs, one turn after another.";
        return Check.equal(claim, sorted, seen.byTurn());
    }

    private static Check check(Evidence seen, String claim, Differences differences) {
        return new Check(
                claim,
                seen.answers().stream()
                        .flatMap(answer -> differences.between(seen, answer))
                        .toList());
    }

    private static Stream<String> misnumbered(Evidence seen, Answer answer) {
        var numbers = seen.ofRun(answer.run()).stream().map(Event::runSeq).toList();
        return Check.differences(answer.user().name() + ", ", numbersFrom(0, numbers.size()), numbers);
    }

    private static Stream<String> otherTexts(Evidence seen, Answer answer) {
        return Stream.of(seen.textInThread(answer.run()), seen.storedText(answer.run()))
                .filter(text -> !text.equals(answer.text()))
                .map(text -> answer.user().name() + ": own stream “" + answer.text() + "”, elsewhere “" + text + "”");
    }

    private static Stream<Message> questionAndAnswer(Answer answer) {
        return Stream.of(
                new Message("user", "", answer.user().question()),
                new Message("assistant", answer.run(), answer.text()));
    }

    private static List<Long> numbersFrom(long first, int count) {
        return LongStream.range(first, first + count).boxed().toList();
    }

    private interface Differences {
        Stream<String> between(Evidence seen, Answer answer);
    }
}
