package dev.heddle.gateway.demo;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the demo has seen of a thread.
 *
 * @param beforeCut its stream, until the connection was closed
 * @param afterCut the stream of the second connection, which was opened with the id of the last event before the cut
 * @param again its stream once more from the start, in one piece
 * @param byTurn its stream in the order of turns
 * @param answers what each run's own stream said, in the order of the users
 * @param messages the stored messages, as they are listed
 */
record Evidence(
        List<Event> beforeCut,
        List<Event> afterCut,
        List<Event> again,
        List<Event> byTurn,
        List<Answer> answers,
        List<Message> messages) {

    /** The whole stream as it arrived, over the cut. */
    List<Event> arrival() {
        return Stream.concat(beforeCut.stream(), afterCut.stream()).toList();
    }

    List<Event> ofRun(String run) {
        return arrival().stream().filter(event -> event.run().equals(run)).toList();
    }

    /** The events that belong to runs, those of a turn together: turn by turn, and within one as they arrived. */
    List<Event> sortedByTurn() {
        return arrival().stream()
                .filter(Event::isOfRun)
                .sorted(Comparator.comparingLong(Event::turn))
                .toList();
    }

    /** The answers in the order in which their runs were admitted to the thread. */
    List<Answer> inOrderOfAdmission() {
        return answers.stream()
                .sorted(Comparator.comparingLong(answer -> turn(answer.run())))
                .toList();
    }

    /** The texts that a run added in the thread's stream, put together. */
    String textInThread(String run) {
        return ofRun(run).stream().map(Event::text).collect(Collectors.joining());
    }

    /** The texts of the stored messages that a run wrote, put together. */
    String storedText(String run) {
        return messages.stream()
                .filter(message -> message.run().equals(run))
                .map(Message::text)
                .collect(Collectors.joining());
    }

    /** How often the stream went over from one run to another. */
    int changes() {
        var runs = arrival().stream().filter(Event::isOfRun).map(Event::run).toList();
        int changes = 0;
        for (int i = 1; i < runs.size(); i++) {
            changes += runs.get(i).equals(runs.get(i - 1)) ? 0 : 1;
        }
        return changes;
    }

    private long turn(String run) {
        return ofRun(run).stream().mapToLong(Event::turn).findFirst().orElse(Long.MAX_VALUE);
    }
}
